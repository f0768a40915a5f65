/** Logs of a server and of a pipeline in a real OpenSearch: template, retention, killed, restarted. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  dataStreamTemplate,
  fieldTypes,
  logSettings,
  LogShipper,
} from "../../src/log_shipping/mod.ts";
import { Project } from "../integration/project.ts";
import { records, save } from "../serve/fixture.ts";
import { ServerProcess } from "../serve/server_process.ts";
import { waitUntil } from "../wait_until.ts";
import { hasJava, OpenSearch } from "./opensearch.ts";
import { pictureQueries, savedObjects } from "./saved_objects.ts";

const says = `import { pipeline } from "../src/pipeline/mod.ts";
import { z } from "zod";
export default pipeline("says", { description: "", params: z.object({ fail: z.boolean().default(false) }) },
  ({ step, params }) => { step("speak", ({ log, metric }) => { log("hello from a step"); metric("n", 1); if (params.fail) throw new Error("on purpose"); }); });`;

const full = Deno.args.includes("--full");

Deno.test("logs: objects of Kibana refer to each other and to fields that documents have", () => {
  const known = new Set(savedObjects.map(({ type, id }) => `${type} ${id}`));
  for (const { id, references } of savedObjects) {
    for (const { type, id: other } of references) assert(known.has(`${type} ${other}`), id);
  }
  const fields = pictureQueries().flatMap(({ field }) => field ?? []);
  assert(fields.length > 5);
  for (const field of fields) {
    assert(Object.hasOwn(fieldTypes, field) || field.startsWith("dinoflow."), field);
  }
});

Deno.test({
  name: "logs: a real OpenSearch takes them, killed and begun again (--full)",
  ignore: !full || !hasJava,
}, async () => {
  await using engine = await OpenSearch.start();
  const folder = await Deno.makeTempDir();
  await save(folder, 0);
  await using project = await Project.create();
  await Deno.writeTextFile(join(project.path, "pipelines/says.ts"), says);
  const env = {
    ELASTICSEARCH_URL: engine.url,
    ELASTICSEARCH_UNSENT_FOLDER: join(folder, "log", "unsent"),
  };
  await using server = new ServerProcess(folder, ["--access-log", "info", "--workers", "2"], env);
  const { url } = await server.logged("listening") as { url: string };
  const predict = async () => {
    const body = JSON.stringify(records[0]);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/predict`, { method: "POST", headers, body });
    await answer.body?.cancel();
    assertEquals(answer.status, 200);
  };
  const requests = () => engine.count("mlops-logs", { match: { "url.path": "/predict" } });
  for (let n = 0; n < 20; n++) await predict();
  await waitUntil(async () => await requests().catch(() => 0) === 20, "the requests are there");

  await engine.kill();
  for (let n = 0; n < 20; n++) await predict();
  await waitUntil(async () => {
    const health = await (await fetch(`${url}/health`)).json();
    return health.status === "degraded" &&
      JSON.stringify(health.troubles).includes("log lines wait");
  }, "the server is degraded");
  await engine.begin();
  await waitUntil(async () => await requests().catch(() => 0) === 40, "none is lost or doubled");
  await waitUntil(
    async () => (await (await fetch(`${url}/health`)).json()).status === "healthy",
    "the server is well",
  );

  for (const fail of ["false", "true"]) {
    await project.task("pipeline", ["says", "--param", `fail=${fail}`], env);
  }
  const ended = await engine.count("mlops-logs", { match: { "dinoflow.event": "run_finished" } });
  assertEquals(ended, 2);
  const errors = await engine.count("mlops-logs", { match: { "error.message": "on purpose" } });
  assert(errors > 0, "what went wrong is told");

  // Each picture of the dashboard finds something.
  for (const { title, query, field } of pictureQueries()) {
    const { aggregations } = await engine.ask("POST", "mlops-logs/_search", query) as {
      aggregations: { a: { buckets?: unknown[]; values?: Record<string, number> } };
    };
    const { buckets, values } = aggregations.a;
    assert((buckets?.length ?? 0) > 0 || Number(values?.["95.0"]) > 0, `${title}: ${field}`);
  }
  const [stream] = (await engine.ask("GET", "_data_stream/mlops-logs")).data_streams as {
    template: string;
  }[];
  assertEquals(stream.template, "mlops-logs");
  assertEquals(await server.stop(), 0);
  await Deno.remove(folder, { recursive: true });

  // What is too old goes, with the index that holds it; what is written last stays.
  await engine.ask("PUT", "_index_template/old-logs", dataStreamTemplate("old-logs", 30, true));
  await engine.ask("POST", "old-logs/_doc", { "@timestamp": "2026-01-01T00:00:00Z", message: "a" });
  await engine.ask("POST", "old-logs/_rollover");
  await engine.ask("POST", "old-logs/_doc", { "@timestamp": "2026-01-02T00:00:00Z", message: "b" });
  assertEquals(await engine.count("old-logs"), 2);
  const unsent = await Deno.makeTempDir();
  const settings = logSettings((name) =>
    ({
      ELASTICSEARCH_URL: engine.url,
      ELASTICSEARCH_INDEX: "old-logs",
      ELASTICSEARCH_UNSENT_FOLDER: unsent,
    })[name]
  )!;
  const source = { service: "dinoflow-test", dataset: "dinoflow.test" };
  const shipper = new LogShipper({ ...settings, retentionDays: 0 }, source);
  shipper.add('{"message":"c"}');
  await shipper.close(20_000);
  assertEquals(
    await engine.count("old-logs"),
    2,
    "the older index is gone, the other has one more",
  );
  await Deno.remove(unsent, { recursive: true });
});
