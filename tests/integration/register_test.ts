/** From a training to a server that follows an alias, by the command line alone. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { AwsClient } from "aws4fetch";
import connect from "postgres";
import { s3Program, S3Server } from "../artifact_store/s3_server.ts";
import { succeeds } from "../program.ts";
import { PgvectorServer, systemPrograms } from "../retrieval/pgvector_server.ts";
import { ServerProcess } from "../serve/server_process.ts";
import { hasMlflow, needsMlflow, python, startMlflowServer } from "../tracking/mlflow_server.ts";
import { Project } from "./project.ts";

const small = ["trees=3", "folds=2", "combinations=Over_RandomForest"];
const params = (values: readonly string[]) => values.flatMap((value) => ["--param", value]);

/** Runs the pipeline; what it said is on stdout, its refusal on stderr. */
function register(project: Project, tracking: string, ...values: string[]) {
  return project.task("pipeline", ["register", ...params(values)], {
    MLFLOW_TRACKING_URI: tracking,
  });
}

/** Trains another model and gives its version. */
async function train(project: Project, seed: number, tracking: string): Promise<string> {
  const { code, stderr } = await project.task(
    "pipeline",
    ["train", ...params([...small, `seed=${seed}`])],
    { MLFLOW_TRACKING_URI: tracking },
  );
  assertEquals(code, 0, stderr);
  const text = await Deno.readTextFile(join(project.path, "models/latest_model.json"));
  return JSON.parse(text).version;
}

/** The version that a server answers with, once it is the one that is waited for. */
async function served(url: string, wanted: string): Promise<string> {
  for (let attempt = 0;; attempt++) {
    const answer = await fetch(`${url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ Age: 35 }),
    });
    const { model_version } = await answer.json();
    if (model_version === wanted || attempt === 300) return model_version;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test({
  name: `register: a server follows an alias from training to training and back ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn() {
    await using mlflow = await startMlflowServer();
    await using project = await Project.create();
    await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
    const champion = ["name=credit-score", "alias=champion"];

    const first = await train(project, 1, mlflow.url);
    const one = await register(project, mlflow.url, ...champion);
    assertEquals(one.code, 0, one.stderr);
    assertStringIncludes(one.stdout, `_v_${first} as credit-score version 1`);
    assertStringIncludes(one.stdout, "credit-score@champion points to version 1\n");
    const command = `MLFLOW_TRACKING_URI=${mlflow.url} deno task serve --model ` +
      "models:/credit-score@champion";
    assertStringIncludes(one.stdout, command);
    await using server = new ServerProcess(join(project.path, "models"), [
      ...["--model", "models:/credit-score@champion", "--poll-seconds", "1"],
      ...["--mlflow-tracking-uri", mlflow.url],
    ]);
    const { url } = await server.logged("listening") as { url: string };
    assertEquals(await served(url, first), first);

    // A run that was never meant for the server: it is refused, sent, and then found by its old id.
    const second = await train(project, 2, "");
    const early = await register(project, mlflow.url, ...champion, `model=${second}`);
    assertEquals(early.code, 1);
    const [send, run] = /send_runs --param (runs=\w+)/.exec(early.stderr)!;
    assertStringIncludes(send, "send_runs");
    const sent = await project.task("pipeline", ["send_runs", ...params([run])], {
      MLFLOW_TRACKING_URI: mlflow.url,
    });
    assertEquals(sent.code, 0, sent.stderr);
    const two = await register(project, mlflow.url, ...champion);
    assertStringIncludes(two.stdout, "points to version 2 (before: version 1)");
    assertEquals(await served(url, second), second);

    const [goBack] = /register (--param .*)/.exec(two.stdout)!;
    assertEquals(goBack, `register ${params([...champion, "version=1"]).join(" ")}`);
    const back = await register(project, mlflow.url, ...champion, "version=1");
    assertStringIncludes(back.stdout, "points to version 1 (before: version 2)");
    assertEquals(await served(url, first), first);
    const twice = await register(project, mlflow.url, ...champion, "version=1");
    assertStringIncludes(twice.stdout, "points to version 1 already");

    const unknown = await register(project, mlflow.url, ...champion, "version=9");
    assertStringIncludes(unknown.stderr, "Cannot find version 9 of credit-score: it has 2, 1");
    const nobody = await register(project, mlflow.url, "name=nobody", "alias=a", "version=1");
    assertStringIncludes(nobody.stderr, 'Cannot find a registered model "nobody"');
    const plain = await register(project, mlflow.url, `model=${first}`);
    assertStringIncludes(plain.stdout, "deno task serve --model models:/credit-score/3");
  },
});

const hasStores = hasMlflow && systemPrograms !== undefined && s3Program !== undefined &&
  await succeeds(python, "-c", "import psycopg2, boto3");

Deno.test({
  name: "register: a server fetches its model from MLflow on PostgreSQL and S3 (needs PostgreSQL)",
  ignore: !hasStores,
  async fn() {
    await using postgres = await PgvectorServer.start(systemPrograms!);
    await using s3 = await S3Server.start();
    const { AWS_REGION, AWS_ENDPOINT_URL, ...keys } = s3.env();
    await using mlflow = await startMlflowServer({
      database: postgres.url.replace("postgres:", "postgresql+psycopg2:"),
      artifacts: "s3://team/mlflow",
      env: { ...keys, AWS_DEFAULT_REGION: AWS_REGION, MLFLOW_S3_ENDPOINT_URL: AWS_ENDPOINT_URL },
    });
    await using project = await Project.create();
    await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
    const version = await train(project, 1, mlflow.url);
    const { code, stderr } = await register(project, mlflow.url, "alias=champion");
    assertEquals(code, 0, stderr);
    const sql = connect(postgres.url);
    const rows = await sql`select name, version from model_versions`;
    await sql.end();
    assertEquals([...rows], [{ name: "credit-score", version: 1 }]);
    const client = new AwsClient({
      ...{ accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
      ...{ service: "s3", region: AWS_REGION },
    });
    const listed = await client.fetch(`${s3.address}/team?list-type=2&prefix=mlflow/`);
    assertStringIncludes(await listed.text(), "model.onnx</Key>");
    // Nothing is in its folder: the model comes from the bucket.
    const empty = await Deno.makeTempDir();
    await using server = new ServerProcess(empty, [
      ...["--model", "models:/credit-score@champion", "--mlflow-tracking-uri", mlflow.url],
    ]);
    const { url } = await server.logged("listening") as { url: string };
    assertEquals(await served(url, version), version);
    await Deno.remove(empty, { recursive: true });
  },
});

Deno.test("register: what cannot be done is refused with the way to do it", async () => {
  await using project = await Project.create();
  const refused = async (tracking: string, ...values: string[]) => {
    const { code, stderr } = await register(project, tracking, ...values);
    return `${code} ${stderr}`;
  };
  assertStringIncludes(await refused(""), "set it to the http(s) address of an MLflow server");
  assertStringIncludes(await refused("./mlruns"), "it is no MLflow server");
  assertStringIncludes(await refused("http://127.0.0.1:9"), "train a model first");
  const wrong: [string[], string][] = [
    [["alias=latest"], 'Cannot use the alias "latest"'],
    [["name=a/b"], 'Cannot use the name "a/b"'],
    [["version=3"], "add --param alias=champion"],
    [["version=20261121_101500", "alias=a"], "the registry numbers its versions"],
    [["version=3", "alias=a", "model=b"], "Cannot use model=b with version=3"],
  ];
  for (const [values, said] of wrong) {
    const answer = await refused("http://127.0.0.1:9", ...values);
    assertStringIncludes(answer, said);
    assertEquals(answer[0], "2", answer);
  }
});
