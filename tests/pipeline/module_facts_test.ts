/** What is known of modules: a pipeline's own, or before its first run what others found out. */

import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import { MemoryStore } from "../../src/artifact_store/mod.ts";
import { readModules, writeModules } from "../../src/pipeline/cache/module_facts.ts";
import { readSources } from "../../src/step_code/read_facts.ts";
import { Project } from "./project.ts";

Deno.test("module facts: what pipelines share is parsed once, each keeps what it reaches", async () => {
  await using project = await Project.create({
    "shared.ts": `import "./deep.ts"; export const shared = () => 1;`,
    "deep.ts": `export const deep = 1;`,
    "a.ts": `import { shared } from "./shared.ts"; shared();`,
    "b.ts": `import { shared } from "./shared.ts"; shared() + 1;`,
  });
  const store = new MemoryStore();
  /** Reads a pipeline's modules as a run does; how many were parsed and are kept. */
  const run = async (name: string) => {
    const url = toFileUrl(project.path(`${name}.ts`)).href;
    const { parsed, keep } = await readSources([url], await readModules(store, name));
    await writeModules(store, name, keep);
    return [parsed, Object.keys(keep.facts).length];
  };
  assertEquals(await run("a"), [3, 3]);
  assertEquals(await run("b"), [1, 3]);
  assertEquals(await run("b"), [0, 3]);
  await project.edit("deep.ts", "= 1", "= 2");
  assertEquals(await run("b"), [1, 3]);
  // One with facts of its own reads no others: they have grown apart as likely as not.
  assertEquals((await readModules(store, "a")).length, 1);
  assertEquals(await run("a"), [1, 3]);
});

Deno.test("module facts: what is damaged, or of another version, counts for nothing", async () => {
  await using project = await Project.create({ "a.ts": `export const a = 1;` });
  const store = new MemoryStore();
  await store.write("facts/other.json", new TextEncoder().encode("{ no JSON"));
  await writeModules(store, "older", { version: "0", facts: { x: {} } });
  const known = await readModules(store, "a");
  assertEquals(known.map(({ version }) => version), ["0"]);
  const { parsed, keep } = await readSources([toFileUrl(project.path("a.ts")).href], known);
  assertEquals([parsed, Object.keys(keep.facts).length], [1, 1]);
});
