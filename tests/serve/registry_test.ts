import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ServiceError } from "../../src/base/mod.ts";
import { readModel } from "../../src/registry/mod.ts";
import { type RegisteredVersion, RegistryClient } from "../../src/tracking/mod.ts";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";
import { records, save, withApp } from "./fixture.ts";
import { register } from "./registered.ts";

Deno.test({
  name: `serve: an alias of an MLflow registry is served and followed ${
    hasMlflow ? "" : needsMlflow
  }`,
  ignore: !hasMlflow,
  fn: async () => {
    await using server = await startMlflowServer();
    const { url } = server;
    const registry = RegistryClient.open(url);
    const missing = () => registry.find("credit-score", { alias: "champion" });
    assertMatch((await assertRejects(missing, ServiceError)).message, /RESOURCE_DOES_NOT_EXIST/);
    await withApp(async ({ call, slots, folder }) => {
      assertMatch(slots.champion.failure!.reason, /RESOURCE_DOES_NOT_EXIST/);
      const bundles = [await save(folder, 0), await save(folder, 1)];
      const versions: RegisteredVersion[] = [];
      for (const bundle of bundles) versions.push(await register(url, folder, bundle));
      assertEquals(versions.map(({ name, version }) => `${name} ${version}`), [
        "credit-score 1",
        "credit-score 2",
      ]);
      assertEquals(await registry.find("credit-score", { version: "2" }), versions[1]);
      assertEquals(await registry.download(versions[1]), await readModel(bundles[1]));
      for (const at of [0, 1]) {
        await registry.setAlias("champion", versions[at]);
        await slots.follow();
        assertEquals(slots.champion.failure, undefined);
        const answer = await (await call("/predict", records[0])).json();
        assertEquals(answer.model_version, bundles[at].metadata.version);
        const source = `models:/credit-score@champion (version ${at + 1})`;
        assertEquals(slots.champion.current!.source, source);
      }
      assertEquals((await call("/predict?model=credit-score", records[0])).status, 200);
      const first = await (await call("/model/load", { version: "models:/credit-score/1" })).json();
      assertEquals(first.loaded.version, bundles[0].metadata.version);
      // An alias that is gone leaves the model that answers where it is.
      const nowhere = await call("/model/load", { version: "models:/credit-score@nobody" });
      assertEquals(nowhere.status, 409);
      assert((await call("/predict", records[0])).ok);
    }, {
      empty: true,
      flags: ["--model", "models:/credit-score@champion", "--mlflow-tracking-uri", url],
    });
  },
});
