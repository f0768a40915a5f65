/** What a run remembers for the next one, and which code it looks at: in one process. */

import { assertEquals, assertMatch } from "@std/assert";
import { LocalStore, MemoryStore } from "../../src/artifact_store/mod.ts";
import { planPipeline, runPipeline } from "../../src/pipeline/mod.ts";
import { openCache } from "../../src/pipeline/cache/open_cache.ts";
import { type Files, type Version, Versions } from "../step_code/versions.ts";

/** Tells what was written. */
class ToldStore extends LocalStore {
  written: string[] = [];

  override write(key: string, value: Uint8Array): Promise<void> {
    this.written.push(key);
    return super.write(key, value);
  }
}

const source = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", { description: "d", params: z.object({}) }, ({ step, each }) => {
  const a = step("a", () => 1);
  each("part", ["x", "y"], { a }, (item, { a }) => item + a);
});
`;

async function withVersion(files: Files, use: (version: Version) => Promise<void>): Promise<void> {
  await using versions = await Versions.create();
  await use(await versions.load(files));
}

const MEMORY = "state/p.memory";

Deno.test("open cache: what was found is remembered, and not believed once it is damaged", () =>
  withVersion({ "p.ts": source }, async ({ pipeline, cache: { file, root } }) => {
    const store = new ToldStore(`${root}/../store`);
    const run = async () => {
      store.written = [];
      const { status } = await runPipeline(pipeline, { cache: { store, file, root } });
      assertEquals(status, "succeeded");
      return store.written.includes(MEMORY);
    };
    const remembered = async () =>
      new TextDecoder().decode(await store.read(MEMORY)).split("\n")[1];
    assertEquals(await run(), true);
    const memory = (await store.read(MEMORY))!;
    const text = new TextDecoder().decode(memory);
    assertMatch(text, /^\d+ [0-9a-f]{64}\n\{/);
    const units = Object.keys(JSON.parse(await remembered()).found).sort();
    assertEquals(units, ["a", "part[x]", "part[y]"]); // items end in any order
    // One that is damaged is not believed, and is made anew.
    await store.write(MEMORY, memory.slice(0, -5));
    assertEquals(await run(), true);
    assertEquals(Object.keys(JSON.parse(await remembered()).found).length, 3);
    // Of a store without it all comes out the same.
    await store.remove(MEMORY);
    const { entries } = await planPipeline(pipeline, { cache: { store, file, root } });
    assertEquals(entries.map(({ verdict }) => verdict), ["CACHED", "CACHED", "CACHED"]);
  }));

Deno.test("open cache: the commit that the project is at", () =>
  withVersion({ "p.ts": source }, async ({ pipeline, cache: { file, root } }) => {
    const git = async (...args: string[]) => {
      const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
      const command = new Deno.Command("git", { args: [...author, ...args], cwd: root });
      const { code, stdout } = await command.output();
      assertEquals(code, 0);
      return new TextDecoder().decode(stdout).trim();
    };
    const store = new MemoryStore();
    const commit = async () => {
      const graph = pipeline.graph({});
      const cache = await openCache(pipeline, graph, {}, { store, file, root });
      const found = await cache.commit();
      assertEquals(await cache.commit(), found);
      await cache.close();
      return found;
    };
    assertEquals(await commit(), undefined);
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "all");
    const head = (await git("rev-parse", "HEAD")).slice(0, 12);
    assertEquals(await commit(), head);
    await Deno.writeTextFile(file, `${source}// changed\n`);
    assertEquals(await commit(), `${head}+`);
  }));

Deno.test("open cache: the code of a resource counts for who takes it, if it is not said otherwise", async () => {
  for (
    const [counts, wanted] of [["", "RUN"], ["counts: true,", "RUN"], ["counts: false,", "CACHED"]]
  ) {
    await using versions = await Versions.create();
    const load = (value: number) =>
      versions.load({
        "p.ts": `
import { pipeline } from "@pipeline";
export default pipeline("p", { description: "d" }, ({ step, resource }) => {
  const place = resource("place", { ${counts} open: () => ${value} });
  step("a", { place }, () => 1);
  step("apart", () => 2);
});
`,
      });
    await (await load(1)).run();
    assertEquals(await (await load(2)).plan(), { a: wanted, apart: "CACHED" });
  }
});

Deno.test("open cache: a pipeline that is not to be cached runs again, its outputs are kept", () =>
  withVersion(
    { "p.ts": source.replace("z.object({})", "z.object({}), cache: false") },
    async (version) => {
      await version.run();
      assertEquals(await version.plan(), { a: "RUN", "part[x]": "RUN", "part[y]": "RUN" });
    },
  ));
