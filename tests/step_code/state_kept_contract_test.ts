/** What looks like state that steps share and is none, and the state of the environment. */

import { assertEquals } from "@std/assert";
import { filesOf, type Form, helper } from "./state_sources.ts";
import { Versions } from "./versions.ts";

/** What is no state that steps share: a second run takes all of it from the cache. */
const kept: Record<string, Form> = {
  "one step alone": {
    ...helper(`let x = 0; export const put = (v: number) => { x = v; return x; };`, "put"),
    put: "put(V)",
    got: "1",
  },
  "what is made once": {
    ...helper(`let x: number[] | undefined; export const got = () => x ??= [1, 2];`, "got"),
    put: "got()[V]",
    got: "got()[0]",
  },
  "what says that it only remembers": {
    ...helper(
      `const known = /* @__MEMO__ */ new Map<number, number>();
export const got = (n: number) => known.get(n) ?? known.set(n, n * n).get(n);`,
      "got",
    ),
    put: "got(V)",
    got: "got(2)",
  },
  "objects of a function's own": {
    ...helper(
      `const order = [3, 1, 2];
export const got = (n: number) => { const all = [...order]; all.sort(); all.push(n); const o: any = {}; o.x = all; return o.x[0]; };`,
      "got",
    ),
    put: "got(V)",
    got: "got(2)",
  },
  "copies that methods give": {
    ...helper(
      `const order = [3, 1, 2]; export const got = (n: number) => { const all = order.slice(); all.push(n); return all.map((v) => v).sort()[0]; };`,
      "got",
    ),
    put: "got(V)",
    got: "got(2)",
  },
  "instances of a function's own": {
    ...helper(
      `class Sum { n = 0; add(v: number) { this.n += v; return this; } } export const got = (n: number) => new Sum().add(n).n;`,
      "got",
    ),
    put: "got(V)",
    got: "got(2)",
  },
  "copies of what is handed in": {
    ...helper(
      `const order = [{ n: 3 }, { n: 1 }]; export const got = (n: number) => { const all = order.map((o) => ({ ...o })); all.push({ n }); const best = { ...all[0] }; best.n = 5; return all.length; };`,
      "got",
    ),
    put: "got(V)",
    got: "got(2)",
  },
  "what stands in a new object beside what changes": {
    ...helper(
      `export const order = [3, 1]; const SIZE = 2; export const got = (n: number) => { const all = { order, seen: [0] }; all.seen.push(n); const places = Array.from({ length: SIZE }, () => [0]); places.forEach((place) => { place[0] = n; }); return all.seen.length + all.order[0]; };`,
      "got, order",
    ),
    put: "got(V) + order[0]",
    got: "got(2)",
  },
  "arguments that are only read": {
    ...helper(
      `export const order = [3, 1]; export const sum = (all: number[], n: number) => { let s = n; for (const v of all) s += v; return s; };`,
      "order, sum",
    ),
    put: "sum(order, V)",
    got: "sum(order, 2)",
  },
  "what only loading changes": {
    ...helper(`export const cfg: any = {}; cfg.x = 1;`, "cfg"),
    put: "cfg.x + V",
    got: "cfg.x",
  },
  "a variable of the environment": { put: "void V", got: `Deno.env.get("HOME")` },
};

for (const [name, form] of Object.entries(kept)) {
  Deno.test(`state: ${name} is kept`, async () => {
    await using versions = await Versions.create();
    const version = await versions.load(filesOf(form));
    await version.run();
    assertEquals(await version.plan(), { a: "CACHED", b: "CACHED" });
  });
}

Deno.test("state: an environment variable counts by its value, one of a computed name always", async () => {
  await using versions = await Versions.create();
  const files = filesOf({ put: "void V", got: `Deno.env.get("DINO_REGION")` });
  const version = await versions.load(files);
  Deno.env.set("DINO_REGION", "eu");
  await version.run();
  assertEquals(await version.plan(), { a: "CACHED", b: "CACHED" });
  Deno.env.set("DINO_REGION", "us");
  assertEquals(await version.plan(), { a: "CACHED", b: "RUN" });
  await version.checked();
  const computed = await versions.load(
    filesOf({
      top: `const name = () => "DINO_REGION";`,
      put: "void V",
      got: `Deno.env.get(name())`,
    }),
  );
  await computed.run();
  assertEquals(await computed.plan(), { a: "CACHED", b: "RUN" });
  Deno.env.delete("DINO_REGION");
});
