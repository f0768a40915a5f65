/** What every place for models must do, whatever it is. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Deployment, type ModelRegistry, newEntry } from "../../src/registry/mod.ts";

/** A place with three versions of a model. */
export interface RegistryCase {
  readonly registry: ModelRegistry;
  /** Name of the model. */
  readonly name: string;
  /** Files of its versions, oldest first; the last one's ONNX file is damaged. */
  readonly bundles: readonly string[];
}

const deployment = (why: string): Deployment => ({
  run_id: "0123",
  threshold: { threshold: 0.4542, label: "1" },
  since: new Date().toISOString(),
  by: "ada",
  why,
  policy: "promoted",
});

/** Tries all that the contract says. */
export async function checkModelRegistry(
  t: Deno.TestContext,
  { registry, name, bundles }: RegistryCase,
): Promise<void> {
  const versionOf = async (bundle: string) =>
    (await registry.versions(name)).find((version) => version.bundle === bundle)!.version;

  await t.step("versions are listed, the newest first, under their model's name", async () => {
    assert((await registry.names()).includes(name));
    const versions = await registry.versions(name);
    assertEquals(versions.map(({ bundle }) => bundle), bundles.toReversed());
    assertEquals(versions.map(({ aliases, stage }) => [aliases, stage]), [
      ...[[[], ""], [[], ""], [[], ""]],
    ]);
    assert(versions.every(({ createdAt }) => !Number.isNaN(Date.parse(createdAt))));
    assertEquals(await registry.versions("nobody"), []);
  });

  await t.step("a version is read with its file, a damaged one is not", async () => {
    const { metadata, file } = await registry.read(name, await versionOf(bundles[0]));
    assertEquals(`${metadata.model_name}_v_${metadata.version}`, bundles[0]);
    assert(file.length > 100);
    const damaged = await versionOf(bundles[2]);
    await assertRejects(() => registry.read(name, damaged), Error, "its digest differs");
  });

  await t.step("an alias points nowhere, at a version, at another, and nowhere again", async () => {
    const [first, second] = [await versionOf(bundles[0]), await versionOf(bundles[1])];
    assertEquals(await registry.alias(name, "champion"), undefined);
    const one = deployment("one");
    await registry.point(name, "champion", { version: first, deployment: one });
    assertEquals(await registry.alias(name, "champion"), {
      version: first,
      bundle: bundles[0],
      deployment: one,
    });
    const two = deployment("two");
    await registry.point(name, "champion", { version: second, deployment: two });
    await registry.point(name, "challenger", { version: first });
    assertEquals((await registry.alias(name, "champion"))?.deployment, two);
    assertEquals(await registry.alias(name, "challenger"), {
      version: first,
      bundle: bundles[0],
    });
    const aliases = (await registry.versions(name)).map((version) => version.aliases);
    assertEquals(aliases, [[], ["champion"], ["challenger"]]);
    await registry.point(name, "challenger", undefined);
    await registry.point(name, "challenger", undefined);
    assertEquals(await registry.alias(name, "challenger"), undefined);
    await assertRejects(() => registry.point(name, "champion", { version: "99991231_000000" }));
    assertEquals((await registry.alias(name, "champion"))?.version, second, "as before");
  });

  await t.step("what happened is kept once, in its order", async () => {
    const entry = (why: string) =>
      newEntry({
        ...{ who: "ada", action: "promote", name, alias: "champion", why },
        ...{ from: bundles[0], to: bundles[1], places: [registry.place] },
      });
    const before = await registry.history(name);
    const [one, two] = [entry("äöü\nline"), { ...entry("two"), time: "9999-01-01T00:00:00.000Z" }];
    await registry.record(one);
    await registry.record(two);
    await registry.record(one);
    assertEquals((await registry.history(name)).slice(before.length), [one, two]);
    assertEquals(await registry.history("nobody"), []);
  });

  await t.step("a version is archived, taken back, and removed", async () => {
    const version = await versionOf(bundles[0]);
    const stage = async () =>
      (await registry.versions(name)).find(({ bundle }) => bundle === bundles[0])?.stage;
    await registry.archive(name, version, true);
    await registry.archive(name, version, true);
    assertEquals(await stage(), "archived");
    await registry.archive(name, version, false);
    assertEquals(await stage(), "");
    await registry.read(name, version);
    await registry.archive(name, version, true);
    await registry.remove(name, version);
    assertEquals(await stage(), undefined);
    assertEquals(await registry.isServed(name, await versionOf(bundles[1])), false);
  });
}
