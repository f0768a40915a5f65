/** What a run remembers for the next one, and which code it looks at: in one process. */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { digestOf } from "../../src/base/mod.ts";
import { LocalStore, MemoryStore } from "../../src/artifact_store/mod.ts";
import { planPipeline, runPipeline, savedFile } from "../../src/pipeline/mod.ts";
import { renewGeneration } from "../../src/pipeline/cache/generation.ts";
import { type OpenCache, openCache } from "../../src/pipeline/cache/open_cache.ts";
import type { WorkNode } from "../../src/pipeline/define/graph.ts";
import { type Files, type Version, Versions } from "../step_code/versions.ts";
import { RefusingStore, rest, unclaimed } from "./kept_steps.ts";

/** Tells what was read, and what has been written. */
class ToldStore extends LocalStore {
  reads: string[] = [];
  written: string[] = [];

  override read(key: string) {
    this.reads.push(key);
    return super.read(key);
  }

  override async write(key: string, value: Uint8Array): Promise<void> {
    await super.write(key, value);
    this.written.push(key);
  }
}

const source = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", { description: "d", params: z.object({}) }, ({ step, each }) => {
  const a = step("a", {}, () => 1);
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

/** Commits the files of a folder; what it gives asks git. */
async function committed(root: string) {
  const git = async (...args: string[]) => {
    const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    const command = new Deno.Command("git", { args: [...author, ...args], cwd: root });
    const { code, stdout } = await command.output();
    assertEquals(code, 0);
    return new TextDecoder().decode(stdout).trim();
  };
  // What is as new as git's index has git look, and write the index, again and again.
  for (const { name } of Deno.readDirSync(root)) await Deno.utime(`${root}/${name}`, 1e9, 1e9);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "all");
  return git;
}

Deno.test("open cache: the commit that the project is at", () =>
  withVersion(
    { "p.ts": source, "data.txt": "1" },
    async ({ pipeline, cache: { file, root } }) => {
      const store = new MemoryStore();
      const commit = async () => {
        const graph = pipeline.graph({});
        const cache = await openCache(pipeline, graph, {}, { store, file, root });
        await cache.steps.importsOf(graph.nodes[0]);
        const found = await cache.commit();
        assertEquals(await cache.commit(), found);
        await cache.close();
        return found;
      };
      assertEquals(await commit(), undefined);
      const git = await committed(root);
      const head = (await git("rev-parse", "HEAD")).slice(0, 12);
      assertEquals(await commit(), head);
      await Deno.writeTextFile(`${root}/data.txt`, "2"); // no code
      assertEquals(await commit(), `${head}+`);
      await git("checkout", "--quiet", "data.txt");
      assertEquals(await commit(), head);
      await Deno.writeTextFile(file, `${source}// changed\n`);
      assertEquals(await commit(), `${head}+`);
    },
  ));

Deno.test("open cache: what was learned is there for the next run, which reads no more than it must", () =>
  withVersion(
    {
      "p.ts": source.replace(
        "  each",
        `  step("apart", {}, () => 1, { permissions: {} });\n  each`,
      ),
      "data.txt": "1",
    },
    async ({ pipeline, cache: { file, root } }) => {
      await committed(root);
      const store = new ToldStore(`${root}/../store`);
      const graph = pipeline.graph({});
      const [a, apart, part] = graph.nodes as (WorkNode & { items: [] })[];
      /** What was read of outputs and records, and whether the memory was written. */
      const after = async (use: (cache: OpenCache) => Promise<unknown>) => {
        [store.reads, store.written] = [[], []];
        const cache = await openCache(pipeline, graph, {}, { store, file, root });
        await use(cache);
        await cache.close();
        const reads = store.reads.filter((key) => /^(steps\/p\/\w|objects)/.test(key));
        return [reads.map((key) => key.split("/")[0]), store.written.includes(MEMORY)];
      };
      const decide = ({ steps }: OpenCache) => steps.decide(part, part.items[0], {}, false);
      const keep = ({ steps }: OpenCache) => steps.keep(a, undefined, {}, 1, rest, unclaimed);
      const { now } = Date;
      Date.now = () => now() + 60_000; // of what has just been written not everything is sure
      try {
        assertEquals(await after(decide), [["steps"], true]);
        assertEquals(await after(decide), [["steps"], false]);
        const code = ({ steps }: OpenCache) => steps.importsOf(apart);
        assertEquals(await after(code), [[], true]);
        assertEquals(await after(code), [[], false]);
        assertEquals(await after(keep), [[], true]);
        const hit = ({ steps }: OpenCache) => steps.decide(a, undefined, {}, false);
        assertEquals(await after(hit), [["objects"], true]);
        assertEquals(await after(hit), [[], false]);
        await renewGeneration(store, "p"); // another run has written records
        assertEquals(await after(hit), [["steps"], true]);
        const digest = ({ digestFile }: OpenCache) => digestFile(`${root}/data.txt`);
        assertEquals(await after(digest), [[], true]);
        assertEquals(await after(digest), [[], false]);
        assertEquals(await after(({ commit }) => commit()), [[], true]);
        assertEquals(await after(({ commit }) => commit()), [[], false]);
      } finally {
        Date.now = now;
      }
    },
  ));

Deno.test("open cache: what another run took back is not remembered", () =>
  withVersion({ "p.ts": source }, async ({ pipeline, cache: { file, root } }) => {
    const store = new ToldStore(`${root}/../store`);
    const graph = pipeline.graph({});
    const [a, part] = graph.nodes as (WorkNode & { items: { key: string; value: unknown }[] })[];
    await Deno.writeTextFile(`${root}/out.txt`, "1");
    const cache = await openCache(pipeline, graph, {}, { store, file, root });
    const keys: string[] = [];
    const claim = (_: readonly string[], { record }: { record: string }) => {
      keys.push(record);
      return Promise.resolve(undefined);
    };
    const saved = savedFile(`${root}/out.txt`);
    await cache.steps.keep(part, part.items[0], {}, saved, rest, claim);
    await cache.steps.keep(part, part.items[1], {}, saved, rest, claim);
    await cache.steps.keep(a, undefined, {}, 1, rest, claim);
    await store.remove(keys[0]);
    store.reads = [];
    await cache.close();
    const memory = new TextDecoder().decode(await store.read(MEMORY)).split("\n")[1];
    assertEquals(Object.keys(JSON.parse(memory).found).sort(), ["a", "part[y]"]);
    // Of what wrote no file nothing is taken back.
    assertEquals(store.reads.filter((key) => keys.includes(key)), keys.slice(0, 2));
  }));

Deno.test("open cache: where nothing may be written nothing is kept; other failures are told", () =>
  withVersion({ "p.ts": source }, async ({ pipeline, cache: { file, root } }) => {
    const graph = pipeline.graph({});
    const [a] = graph.nodes;
    const use = async (store: MemoryStore, change = () => {}) => {
      const cache = await openCache(pipeline, graph, {}, { store, file, root });
      change();
      const { verdict } = await cache.steps.decide(a, undefined, {}, false);
      await cache.close();
      return verdict;
    };
    assertEquals(await use(new RefusingStore(new Deno.errors.PermissionDenied())), "run");
    const store = new MemoryStore();
    const { write } = store;
    const fill = () => store.write = () => Promise.reject(new Error("The disk is full"));
    await assertRejects(() => use(store, fill), Error, "The disk is full");
    store.write = write;
    const cache = await openCache(pipeline, graph, {}, { store, file, root });
    fill();
    await assertRejects(() => cache.close(), Error, "The disk is full");
  }));

Deno.test("open cache: state that steps share keeps none of them, unless one runs apart", () =>
  withVersion(
    {
      "p.ts": `
import { pipeline } from "@pipeline";
import { apart, both, ofItems, own } from "./state.ts";
const name = () => "HOME";
export default pipeline("p", { description: "d" }, ({ step, each }) => {
  step("alone", () => own(1));
  each("part", ["x"], () => ofItems(1));
  step("one", () => both(1));
  step("two", () => [both(2), Deno.env.get(name())]);
  step("here", () => apart(1));
  step("there", {}, () => apart(2), { permissions: {} });
});
`,
      "state.ts": ["own", "ofItems", "both", "apart"].map((name) => `
let ${name}Kept = 0;
export const ${name} = (v: number) => { ${name}Kept = v; return ${name}Kept; };`).join("\n"),
    },
    async ({ pipeline, cache }) => {
      const { entries } = await planPipeline(pipeline, { cache });
      const told = entries.map(({ step, reasons }) => [
        ...[step, ...reasons.map((reason) => "what" in reason ? reason.what : reason.type)],
      ]);
      const changed = (name: string) => `state.ts: "${name}Kept", which steps change`;
      assertEquals(told, [
        ["alone", "NEW"],
        ["part", changed("ofItems")],
        ["one", changed("both")],
        ["two", "p.ts: environment variables of computed names", changed("both")],
        ["here", "NEW"],
        ["there", "NEW"],
      ]);
    },
  ));

Deno.test("open cache: what is changed while a step runs is named, its code if it may have seen that", () =>
  withVersion(
    {
      "p.ts": `
import { pipeline } from "@pipeline";
export default pipeline("p", { description: "d" }, ({ step, resource }) => {
  const place = resource("place", { open: () => 1 });
  const plain = step("plain", () => 1);
  step("limited", {}, () => 1, { timeout: 5 });
  step("apart", {}, () => 1, { permissions: {} });
  step("placed", { plain, place }, () => 1);
});
`,
      "data.txt": "1",
    },
    async ({ pipeline, cache: { file, root } }) => {
      const graph = pipeline.graph({});
      const store = new MemoryStore();
      const data = `${root}/data.txt`;
      const changed = async (loadedAt: number | undefined, path: string | undefined) => {
        const given = { store, file, root, ...loadedAt !== undefined && { loadedAt } };
        const cache = await openCache(pipeline, graph, {}, given);
        for (const node of graph.nodes) await cache.steps.importsOf(node);
        const found = graph.nodes.map((node) => cache.watch(node, [data]));
        if (path) await Deno.writeTextFile(path, "// changed\n", { append: true });
        return await Promise.all(found.map((told) => told()));
      };
      const all = (path: string | undefined) => graph.nodes.map(() => path);
      assertEquals(await changed(undefined, undefined), all(undefined));
      assertEquals(await changed(undefined, data), all(data));
      // One that runs in this process has loaded its code before.
      assertEquals(await changed(undefined, file), [undefined, "p.ts", "p.ts", "p.ts"]);
      assertEquals(await changed(Date.now() + 1000, undefined), all(undefined));
      assertEquals(await changed(1, undefined), all("p.ts"));
    },
  ));

Deno.test("open cache: the lockfile counts, where there is one", () =>
  withVersion({ "p.ts": source }, async ({ pipeline, cache: { file, root } }) => {
    const graph = pipeline.graph({});
    const counts = async () => {
      const given = { store: new MemoryStore(), file, root };
      const { steps } = await openCache(pipeline, graph, {}, given);
      const { record } = await steps.keep(graph.nodes[0], undefined, {}, 1, rest, unclaimed);
      return record.fingerprint.lock;
    };
    assertEquals(await counts(), "none");
    await Deno.writeTextFile(`${root}/deno.lock`, "1");
    assertEquals(await counts(), await digestOf("1"));
  }));

Deno.test("open cache: parts of an orchestrated run share what runs each time", () =>
  withVersion(
    { "p.ts": source.replace("() => 1", "() => 1, { cache: false }") },
    async ({ pipeline, cache }) => {
      const run = async (partOf?: string) => {
        const came: string[] = [];
        await runPipeline(pipeline, {
          cache,
          ...partOf !== undefined && { partOf },
          onEvent: (event) => {
            if (event.type === "step_finished" && event.step === "a") came.push(event.status);
          },
        });
        return came.join();
      };
      assertEquals([await run("o1"), await run("o1"), await run("o2")], ["ran", "cached", "ran"]);
      assertEquals([await run(), await run()], ["ran", "ran"]);
    },
  ));

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

Deno.test("open cache: a pipeline that is not to be cached runs again, and says why", () =>
  withVersion(
    { "p.ts": source.replace("z.object({})", "z.object({}), cache: false") },
    async (version) => {
      await version.run();
      const { pipeline, cache } = version;
      const { entries } = await planPipeline(pipeline, { cache });
      const why = entries.map(({ reasons }) => reasons.map(({ type }) => type).join());
      assertEquals(why, ["NOT CACHED", "NOT CACHED", "NOT CACHED"]);
    },
  ));
