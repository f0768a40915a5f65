/**
 * The whole stack as `deno task up` starts it by the compose file's own commands and settings: train,
 * register, serve from the registry, predict, a metric in Prometheus, its alert in Alertmanager, the
 * retraining that Alertmanager asks for, and its model registered and served.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { AwsClient } from "aws4fetch";
import connect from "postgres";
import { Random } from "../../src/base/mod.ts";
import { s3Program } from "../artifact_store/s3_server.ts";
import { freePort } from "../free_port.ts";
import { Project } from "../integration/project.ts";
import { addLoans, type Loan, loans } from "../retraining/loans.ts";
import { isInstalled, succeeds } from "../program.ts";
import { redisInstalled } from "../redis_server.ts";
import { systemPrograms } from "../retrieval/pgvector_server.ts";
import { hasMlflow, needsMlflow, python } from "../tracking/mlflow_server.ts";
import { waitUntil } from "../wait_until.ts";

const hasPrometheus = await isInstalled("prometheus");
const hasAlertmanager = await isInstalled("prometheus-alertmanager") ||
  await isInstalled("alertmanager");
const hasStores = systemPrograms !== undefined && s3Program !== undefined &&
  await succeeds(python, "-c", "import psycopg2, boto3");
const ADMIN_KEY = "the-key-of-who-may-change-it";
const API_KEY = "the-key-of-who-may-ask-it";
const S3_KEYS = { accessKeyId: "tester", secretAccessKey: "secret-of-the-tester" };

/** Services whose programs are here: the others are told by name. */
const running = [
  ...["app", "trainer", "mlflow", "prometheus", "alertmanager"],
  ...redisInstalled ? ["redis"] : [],
  ...hasStores ? ["postgres", "s3"] : [],
];
const core = [...running, "volumes", "grafana", "redis", "postgres", "s3"];
const others = new Set(core).difference(new Set(running));

/** Alerts that a part tells of, as its interface lists them; none while it does not answer. */
async function alerts(url: string): Promise<{ readonly labels: Record<string, string> }[]> {
  try {
    const found = await (await fetch(url)).json();
    return Array.isArray(found) ? found : found.data.alerts.filter(
      ({ state }: { state: string }) => state === "firing",
    );
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return [];
    throw error;
  }
}

Deno.test({
  name:
    "up: trained, registered, served; what drifts is told by Prometheus and Alertmanager, who " +
    `has it trained again ${needsMlflow}` +
    `${hasPrometheus ? "" : " (needs prometheus)"}${hasAlertmanager ? "" : " (needs amtool)"}`,
  ignore: !hasMlflow || !hasPrometheus || !hasAlertmanager,
  fn: async () => {
    await using project = await Project.create(["serve", "deploy"]);
    await addLoans(project.path);
    // The files as they are, but for how long they wait.
    const hurry = async (path: string, ...changes: [RegExp, string][]) => {
      const file = join(project.path, "deploy", path);
      const text = await Deno.readTextFile(file);
      const changed = changes.reduce((text, [from, to]) => {
        assert(from.test(text), `${path} has ${from}`);
        return text.replace(from, to);
      }, text);
      await Deno.writeTextFile(file, changed);
    };
    await hurry("compose/prometheus.yml", [/scrape_interval: 60s/, "scrape_interval: 1s"], [
      /scrape_interval: 15s/,
      "scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s",
    ]);
    await hurry("compose/alertmanager.yml", [/group_wait: 30s/, "group_wait: 1s"]);
    await hurry("compose/compose.yml", [/MONITOR_EVERY: "300"/, 'MONITOR_EVERY: "10"']);
    const programs = await standIns(project.path);

    const published = ["app", "mlflow", "prometheus", "alertmanager"];
    const ports = Object.fromEntries(
      [...published, "postgres", "s3"].map((name) => [name, freePort()]),
    );
    const address = (name: string) => `http://127.0.0.1:${ports[name]}`;
    const secrets = { POSTGRES_PASSWORD: "postgres-secret", REDIS_PASSWORD: "redis-secret" };
    const child = project.start(
      "up",
      [
        ...Object.entries(ports).flatMap(([name, port]) => ["--port", `${name}=${port}`]),
        ...["--without", [...others].join(",")],
      ],
      {
        ...secrets,
        ...{ API_KEYS: `callers=${API_KEY}`, ADMIN_KEYS: `alerts=${ADMIN_KEY}` },
        ...{ S3_ACCESS_KEY: S3_KEYS.accessKeyId, S3_SECRET_KEY: S3_KEYS.secretAccessKey },
        ...{ MODEL: "models:/loans@champion", GRAFANA_PASSWORD: "grafana-secret" },
        ...{ MLFLOW_DISABLE_TELEMETRY: "true", MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
        PATH: `${programs}:${dirname(python)}:${Deno.env.get("PATH")}`,
      },
    );
    let said = "";
    const hear = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) said += text;
    };
    const heard = Promise.all([hear(child.stdout), hear(child.stderr)]);
    const url = address("app");
    try {
      const named = (pattern: RegExp) =>
        new Set([...said.matchAll(pattern)].map(([, name]) => name));
      const well = () => named(/^(\w+) *\| is well$/gm);
      await waitUntil(() => {
        assert(!said.includes("ended by itself"), "all go on");
        return well().size === running.length;
      }, `${running.join(", ")} are well`);
      assertEquals(well(), new Set(running));
      assertEquals(named(/^(\w+) is left out: /gm), others, "who did not run is told");
      if (running.includes("redis")) assertStringIncludes(said, '"Redis is connected"');
      const trainer = /^trainer *\| (http:\S+)\/monitoring$/m.exec(said)![1];
      await assertRefused(`${trainer}/retrain/trigger`);

      const task = async (...args: string[]) => {
        const env = { MLFLOW_TRACKING_URI: address("mlflow") };
        const { code, stdout, stderr } = await project.task("pipeline", args, env);
        assertEquals(code, 0, stderr);
        return stdout;
      };
      await task("loans");
      const register = ["register", "--param", "alias=champion"];
      assertStringIncludes(await task(...register), "loans@champion points to version 1\n");
      const source = async (): Promise<string> => (await ask(`${url}/model/info`)).source ?? "";
      await untilSo(
        async () => (await source()).includes("models:/loans@champion (version 1)"),
        "the server has the model of the registry",
      );
      const random = new Random(2);
      const first = await send(url, loans(random, 3000, true), 300);

      await untilSo(async () => {
        const query = encodeURIComponent('sum(predictions_total{status="ok"})');
        const { data } = await ask(`${address("prometheus")}/api/v1/query?query=${query}`);
        return Number(data.result[0]?.value[1]) === 3000;
      }, "Prometheus has counted the predictions");
      const drifts = ({ labels }: { labels: Record<string, string> }) =>
        labels.alertname === "DatasetDriftDetected" && labels.model === "loans";
      for (const [name, path] of [["prometheus", "/api/v1"], ["alertmanager", "/api/v2"]]) {
        await untilSo(
          async () => (await alerts(`${address(name)}${path}/alerts`)).some(drifts),
          `${name} tells of the drift`,
        );
      }
      let decided: { decision: string; model: string; candidate: string; reasons: string[] }[] = [];
      await untilSo(async () => {
        ({ history: decided } = await ask(`${trainer}/retrain/history`));
        return decided.some(({ decision }) => decision !== "waits");
      }, "the model is trained again");
      const [{ decision, model, candidate, reasons }] = decided;
      assertEquals([decision, model], ["challenger", "loans"], reasons.join("; "));
      assert(reasons.join().includes("Inputs have moved"), reasons.join());
      const versions = (await project.names("models")).filter((name) =>
        name.endsWith("_metadata.json")
      );
      assertEquals(versions.length, 2, versions.join());

      assertStringIncludes(
        await task(...register, "--param", `model=${candidate}`),
        "loans@champion points to version 2 (before: version 1)",
      );
      await untilSo(
        async () => (await source()).includes("(version 2)"),
        "the server has the model that was trained again",
      );
      assert(await send(url, loans(random, 10, true), 0) !== first, "another model answers");
      if (hasStores) await assertStored(ports);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${said.slice(-6000)}`, {
        cause: error,
      });
    } finally {
      child.kill("SIGTERM");
      await child.status;
      await heard;
    }
    assert(!said.includes("ended by itself"), said.slice(-6000));
    for (const secret of [ADMIN_KEY, API_KEY, ...Object.values(secrets), S3_KEYS.secretAccessKey]) {
      assert(!said.includes(secret), `${secret} is in no line`);
    }
  },
});

/** Waits as `waitUntil` does, without keeping those busy who are asked. */
function untilSo(holds: () => Promise<boolean>, what: string): Promise<void> {
  return waitUntil(async () => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return await holds();
  }, what);
}

/** A folder with a program `versitygw` for where it is not installed: moto, by the same arguments. */
async function standIns(project: string): Promise<string> {
  const folder = join(project, ".dinoflow/programs");
  await Deno.mkdir(folder, { recursive: true });
  if (s3Program === undefined) return folder;
  const moto = fromFileUrl(new URL("../artifact_store/moto_gateway.py", import.meta.url));
  const program = s3Program === "moto" ? `${python} ${moto}` : s3Program;
  await Deno.writeTextFile(join(folder, "versitygw"), `#!/bin/sh\nexec ${program} "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}

// deno-lint-ignore no-explicit-any -- answers of several programs
async function ask(url: string): Promise<any> {
  const response = await fetch(url, { headers: { "x-api-key": API_KEY } });
  return await response.json();
}

/** MLflow keeps what it is told where the compose file says: the database, the bucket. */
async function assertStored(ports: Readonly<Record<string, number>>): Promise<void> {
  const sql = connect(`postgres://dinoflow:postgres-secret@127.0.0.1:${ports.postgres}/mlflow`);
  const rows = await sql`select name, version from model_versions order by version`;
  const airflow = await sql`select datname from pg_database where datname = 'airflow'`;
  await sql.end();
  assertEquals([...rows], [{ name: "loans", version: 1 }, { name: "loans", version: 2 }]);
  assertEquals(airflow.length, 1, "the files for a new database were run");
  const client = new AwsClient({ ...S3_KEYS, service: "s3", region: "us-east-1" });
  for (const [bucket, file] of [["mlflow", "model.onnx</Key>"], ["dinoflow", "<Key>cache/"]]) {
    const listed = await client.fetch(`http://127.0.0.1:${ports.s3}/${bucket}?list-type=2`);
    assertStringIncludes(await listed.text(), file);
  }
}

async function assertRefused(url: string): Promise<void> {
  const response = await fetch(url, {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
  });
  await response.body?.cancel();
  assertEquals(response.status, 401, "without the key nobody has anything trained");
}

/** Predicts loans, tells what came of some of them, and gives the version that answered. */
async function send(url: string, rows: readonly Loan[], labels: number): Promise<string> {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": API_KEY },
      body: JSON.stringify(body),
    });
    assertEquals(response.status, 200, path);
    return await response.json();
  };
  let version = "";
  for (let from = 0; from < rows.length; from += 500) {
    const batch = rows.slice(from, from + 500);
    const records = batch.map(({ default: _, ...record }) => record);
    const { request_id, predictions } = await post("/predict/batch", { records });
    version = predictions[0].model_version;
    for (let row = 0; row < batch.length && from + row < labels; row++) {
      const label = batch[row].default;
      await post("/feedback", { request_id: `${request_id}#${row}`, label });
    }
  }
  return version;
}
