import { assertEquals, assertObjectMatch } from "@std/assert";
import { RegistryClient } from "../../src/tracking/mod.ts";
import { json, smallMlflow, startFakeServer } from "./fake_server.ts";

const missing = () => json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "not found" }, 404);
const open = (url: string) => RegistryClient.open(url, { env: () => undefined });

Deno.test("registry: a server without logged models keeps the model below its run", async () => {
  let files: unknown[] | undefined = [{ path: "model/MLmodel", is_dir: false }];
  await using server = startFakeServer({
    ...smallMlflow(),
    "GET artifacts/list": () => json({ files }),
    "POST registered-models/create": () => json({}),
    "POST model-versions/create": ({ body }) =>
      json({ model_version: { ...JSON.parse(body), version: "1" } }),
  });
  const registry = open(server.url);
  const logged = await registry.findLogged("r1", "model");
  assertEquals(logged, { runId: "r1", model: "model" });
  assertObjectMatch(await registry.register("credit", logged!), {
    ...{ name: "credit", version: "1", runId: "r1" },
  });
  const { body } = server.requests.at(-1)!;
  assertObjectMatch(JSON.parse(body), { source: "mlflow-artifacts:/1/r1/artifacts/model" });
  files = undefined;
  assertEquals(await registry.findLogged("r1", "model"), undefined);
});

Deno.test("registry: a run that was sent is looked for on every page of experiments", async () => {
  await using server = startFakeServer({
    "GET runs/get": missing,
    "POST experiments/search": ({ body }) =>
      json({
        experiments: [{ experiment_id: JSON.parse(body).page_token ?? "1" }],
        ...(JSON.parse(body).page_token === undefined && { next_page_token: "2" }),
      }),
    "POST runs/search": () => json({}),
  });
  assertEquals(await open(server.url).findLogged("abc", "model"), undefined);
  const searches = server.requests.filter(({ path }) => path.endsWith("runs/search"));
  assertEquals(
    searches.map(({ body }) => JSON.parse(body)),
    ["1", "2"].map((id) => ({
      experiment_ids: [id],
      filter: "tags.`dinoflow.run_id` = 'abc'",
      max_results: 1,
    })),
  );
});
