/** State outside of the pipeline that one step changes and another reads: both run every time. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, Versions } from "./versions.ts";

/** How state is kept: the modules, how `V` is put there, and how it is read. */
interface Form {
  readonly top?: string;
  /** What the wiring declares for it. */
  readonly wiring?: string;
  readonly files?: Files;
  readonly put: string;
  readonly got: string;
}

const helper = (text: string, names = "put, got"): Pick<Form, "top" | "files"> => ({
  top: `import { ${names} } from "./state.ts";`,
  files: { "state.ts": text },
});
const called = { put: "put(V)", got: "got()" };
const config = helper(
  `export const cfg: any = { x: 0, list: [0], map: new Map([["a", { x: 0 }]]), all: [{ x: 0 }] };`,
  "cfg",
);

const forms: Record<string, Form> = {
  "a variable of the pipeline's file": { top: `let x = 0;`, put: "x = V", got: "x" },
  "a function of the pipeline's file": {
    top: `let x = 0; const put = (v: number) => { x = v; }; const got = () => x;`,
    ...called,
  },
  "a variable of a helper": {
    ...helper(
      `let x = 0; export const put = (v: number) => { x = v; }; export const got = () => x;`,
    ),
    ...called,
  },
  "an exported variable": {
    ...helper(`export let x = 0; export function put(v: number) { x = v; }`, "put, x"),
    put: "put(V)",
    got: "x",
  },
  "two files apart": {
    top: `import { put } from "./put.ts"; import { got } from "./got.ts";`,
    files: {
      "cell.ts": `export const cell = { x: 0 };`,
      "put.ts":
        `import { cell } from "./cell.ts"; export const put = (v: number) => { cell.x = v; };`,
      "got.ts":
        `import { cell } from "./cell.ts"; const inner = () => cell.x; export const got = () => inner();`,
    },
    ...called,
  },
  "through a barrel": {
    top: `import { put, got } from "./mod.ts";`,
    files: {
      "mod.ts": `export { save as put, load as got } from "./state.ts";`,
      "state.ts":
        `const m = new Map<string, number>(); export const save = (v: number) => void m.set("x", v); export const load = () => m.get("x");`,
    },
    ...called,
  },
  "a namespace": {
    top: `import * as state from "./state.ts";`,
    files: {
      "state.ts":
        `let x = 0; export const put = (v: number) => { x = v; }; export const got = () => x;`,
    },
    put: "state.put(V)",
    got: "state.got()",
  },
  "a list": {
    ...helper(
      `const all: number[] = []; export const put = (v: number) => { all.push(v); }; export const got = () => all.at(-1);`,
    ),
    ...called,
  },
  "a typed array": {
    ...helper(
      `const all = new Int32Array(1); export const put = (v: number) => { all[0] = v; }; export const got = () => all[0];`,
    ),
    ...called,
  },
  "a set with a method of a computed call": {
    ...helper(
      `const all = new Set<number>(); export const put = (v: number) => { all["clear"](); all["add"](v); }; export const got = () => [...all][0];`,
    ),
    ...called,
  },
  "a property of an object": { ...config, put: "cfg.x = V", got: "cfg.x" },
  "a property below": { ...config, put: "cfg.list[0] = V", got: "cfg.list[0]" },
  "another name for it": { ...config, put: "const c = cfg; c.x = V", got: "cfg.x" },
  "a name for a part of it": {
    ...config,
    put: "const { list } = cfg; list[0] = V",
    got: "cfg.list[0]",
  },
  "a part that a method gives": {
    ...config,
    put: `cfg.map.get("a").x = V`,
    got: `cfg.map.get("a").x`,
  },
  "a name for what a method gives": {
    ...config,
    put: `const found = cfg.map.get("a"); found.x = V`,
    got: `cfg.map.get("a").x`,
  },
  "Object.assign": { ...config, put: "Object.assign(cfg, { x: V })", got: "cfg.x" },
  "Object.defineProperty": {
    ...config,
    put: `Object.defineProperty(cfg, "x", { value: V, configurable: true })`,
    got: "cfg.x",
  },
  "Reflect.set": { ...config, put: `Reflect.set(cfg, "x", V)`, got: "cfg.x" },
  "delete": { ...config, put: "if (V > 1) delete cfg.x; else cfg.x = 5", got: "cfg.x" },
  "an update": { ...config, put: "V > 1 ? cfg.x++ : cfg.x--", got: "cfg.x > 0" },
  "a pattern": { ...config, put: "[cfg.x] = [V]", got: "cfg.x" },
  "a pattern of an object": { ...config, put: "({ a: cfg.x } = { a: V })", got: "cfg.x" },
  "a loop": { ...config, put: "for (cfg.x of [V]);", got: "cfg.x" },
  "a class": {
    ...helper(
      `class Store { #x = 0; put(v: number) { this.#x = v; } got() { return this.#x; } }
export const store = new Store();`,
      "store",
    ),
    put: "store.put(V)",
    got: "store.got()",
  },
  "a class behind functions": {
    ...helper(
      `class Store { all: number[] = []; put(v: number) { this.all.push(v); } }
const store = new Store();
export const put = (v: number) => store.put(v); export const got = () => store.all.at(-1);`,
    ),
    ...called,
  },
  "a class of another file": {
    top: `import { put, got } from "./state.ts";`,
    files: {
      "store.ts": `export class Store { x = 0; put = (v: number) => { this.x = v; }; }`,
      "state.ts": `import { Store } from "./store.ts"; const store = new Store();
export const put = (v: number) => store.put(v); export const got = () => store.x;`,
    },
    ...called,
  },
  "a class that is extended": {
    ...helper(
      `class Base { x = 0; put(v: number) { this.x = v; } } class Store extends Base {}
const store = new Store();
export const put = (v: number) => store.put(v); export const got = () => store.x;`,
    ),
    ...called,
  },
  "a static field": {
    ...helper(
      `export class Store { static x = 0; static put(v: number) { Store.x = v; } }`,
      "Store",
    ),
    put: "Store.put(V)",
    got: "Store.x",
  },
  "this of a static method": {
    ...helper(
      `export class Store { static x = 0; static put(v: number) { this.x = v; } }`,
      "Store",
    ),
    put: "Store.put(V)",
    got: "Store.x",
  },
  "this of an object": {
    ...helper(`export const cell = { x: 0, put(v: number) { this.x = v; } };`, "cell"),
    put: "cell.put(V)",
    got: "cell.x",
  },
  "a closure": {
    ...helper(
      `const make = () => { let x = 0; return { put: (v: number) => { x = v; }, got: () => x }; };
export const { put, got } = make();`,
    ),
    ...called,
  },
  "a closure of another file": {
    top: `import { cell } from "./state.ts";`,
    files: {
      "make.ts":
        `export function make() { let x = 0; return { put(v: number) { x = v; }, got() { return x; } }; }`,
      "state.ts": `import { make } from "./make.ts"; export const cell = make();`,
    },
    put: "cell.put(V)",
    got: "cell.got()",
  },
  "globalThis": { put: "(globalThis as any).mine = V", got: "(globalThis as any).mine" },
  "globalThis in helpers": {
    ...helper(
      `export const put = (v: number) => { (globalThis as any).ours = { v }; }; export const got = () => (globalThis as any)["ours"]?.v;`,
    ),
    ...called,
  },
  "globalThis by a computed name": {
    top: `const key = "its";`,
    put: "(globalThis as any)[key] = V",
    got: "(globalThis as any).its",
  },
  "an object of the language": { put: "(Math as any).mine = V", got: "(Math as any).mine" },
  "the environment": { put: `Deno.env.set("MINE", String(V))`, got: `Deno.env.get("MINE")` },
  "the environment of Node": {
    top: `import process from "node:process";`,
    put: `process.env.THEIRS = String(V)`,
    got: `process.env.THEIRS`,
  },
  "an object of a package": {
    top: `import process from "node:process";`,
    put: `process.title = "t" + V`,
    got: `process.title`,
  },
  "a loop over it": { ...config, put: "for (const c of cfg.all) c.x = V", got: "cfg.all[0].x" },
  "a loop over a map": {
    ...config,
    put: "for (const [, c] of cfg.map) c.x = V",
    got: `cfg.map.get("a").x`,
  },
  "a loop over its values": {
    ...config,
    put: "for (const c of Object.values(cfg.all) as any[]) c.x = V",
    got: "cfg.all[0].x",
  },
  "a function for each": {
    ...config,
    put: "cfg.all.forEach((c: any) => { c.x = V; })",
    got: "cfg.all[0].x",
  },
  "a copy with the same objects in it": {
    ...config,
    put: "const [c] = [...cfg.all].filter(() => true); c.x = V",
    got: "cfg.all[0].x",
  },
  "a copy of an object": {
    ...config,
    put: "const c = { ...cfg }; c.all[0].x = V",
    got: "cfg.all[0].x",
  },
  "one of two": { ...config, put: "const c = Date.now() ? cfg : {}; c.x = V", got: "cfg.x" },
  "whichever is there": { ...config, put: "((0, cfg) || {}).x = V", got: "cfg.x" },
  "what is awaited": { ...config, put: "(await cfg).x = V", got: "cfg.x" },
  "a name that is given it later": {
    ...config,
    put: "let c: any; c = cfg; c.x = V",
    got: "cfg.x",
  },
  "a view of it": {
    ...helper(`export const cells = new Int32Array(2);`, "cells"),
    put: "cells.subarray(0, 1)[0] = V",
    got: "cells[0]",
  },
  "a date": {
    ...helper(`export const day = new Date(0);`, "day"),
    put: "day.setFullYear(2000 + V)",
    got: "day.getFullYear()",
  },
  "a method of another object": {
    ...helper(`export const all: number[] = [];`, "all"),
    put: "Array.prototype.push.apply(all, [V])",
    got: "all.at(-1)",
  },
  "an argument": {
    ...helper(
      `export const cfg: any = { x: 0 }; export function set(o: any, v: number) { o.x = v; }`,
      "cfg, set",
    ),
    put: "set(cfg, V)",
    got: "cfg.x",
  },
  "a part of an argument": {
    top: `${config.top} const set = ({ all }: any, v: number) => { all[0].x = v; };`,
    files: config.files,
    put: "set(cfg, V)",
    got: "cfg.all[0].x",
  },
  "an argument that is handed on": {
    top: `import { cfg, set } from "./state.ts";`,
    files: {
      "set.ts": `export const inner = (v: number, o: any) => { o.x = v; };`,
      "state.ts": `import { inner } from "./set.ts";
export const cfg: any = { x: 0 }; export const set = (o: any, v: number) => inner(v, o);`,
    },
    put: "set(cfg, V)",
    got: "cfg.x",
  },
  "this of a function": {
    ...helper(
      `const o: any = { x: 0 }; function set(this: any, v: number) { this.x = v; }
export const put = (v: number) => set.call(o, v); export const got = () => o.x;`,
    ),
    ...called,
  },
  "what a function gives": {
    ...helper(`const cfg: any = { a: { x: 0 } }; export const get = () => cfg.a;`, "get"),
    put: "const c = get(); c.x = V",
    got: "get().x",
  },
  "what a function of another file gives": {
    top: `import { get } from "./get.ts";`,
    files: {
      "state.ts": `let it: any; export const made = () => it ??= { x: 0 };`,
      "get.ts": `import { made } from "./state.ts"; export const get = () => made();`,
    },
    put: "get().x = V",
    got: "get().x",
  },
  "a closure in a closure": {
    ...helper(
      `const cell = () => { let x = 0; return { put: (v: number) => { x = v; }, got: () => x }; };
const make = () => { const c = cell(); return { put: (v: number) => c.put(v), got: () => c.got() }; };
export const { put, got } = make();`,
    ),
    ...called,
  },
  "an instance in a closure": {
    ...helper(
      `class Cell { x = 0; put(v: number) { this.x = v; } }
const make = () => { const c = new Cell(); return { put: (v: number) => c.put(v), got: () => c.x }; };
export const { put, got } = make();`,
    ),
    ...called,
  },
  "a generator": {
    ...helper(
      `function* made(): any { let x = 0; while (true) x = (yield x) ?? x; }
const it = made(); it.next();
export const put = (v: number) => { it.next(v); }; export const got = () => it.next().value;`,
    ),
    ...called,
  },
  "a closure of the wiring": {
    wiring:
      `const make = () => { let x = 0; return { put: (v: number) => { x = v; }, got: () => x }; }; const o = make();`,
    put: "o.put(V)",
    got: "o.got()",
  },
  "a closure of a helper in the wiring": {
    ...helper(
      `export const make = () => { let x = 0; return { put: (v: number) => { x = v; }, got: () => x }; };`,
      "make",
    ),
    wiring: `const o = make();`,
    put: "o.put(V)",
    got: "o.got()",
  },
};

function filesOf({ top = "", wiring = "", files = {}, put, got }: Form): Files {
  return {
    "p.ts": `import { pipeline } from "@pipeline";
import { z } from "zod";
${top}
export default pipeline("p", { description: "", params: z.object({}) }, ({ step }: any) => {
  ${wiring}
  const a = step("a", async () => { ${put.replace("V", "1")}; return 0; });
  step("b", { a }, async (_: unknown, { log }: any) => log("read " + String(${got})));
});`,
    ...files,
  };
}

async function checked(before: Files, edits: readonly Edit[]) {
  await using versions = await Versions.create();
  const told = (await (await versions.load(before)).run()).told;
  const after = await (await versions.load(edited(before, edits))).run();
  // In modules of its own, which no run has changed.
  const forced = await (await versions.load(edited(before, edits))).run({}, false);
  assertEquals(after.told, forced.told);
  return { ...after, changed: told !== after.told };
}

for (const [name, form] of Object.entries(forms)) {
  Deno.test(`state: ${name}`, async () => {
    const files = filesOf(form);
    const put = form.put.replace("V", "1");
    const other = await checked(files, [["p.ts", `${put};`, `${form.put.replace("V", "2")};`]]);
    assert(other.changed, `The edit changes nothing: ${other.told}`);
    const reader = await checked(files, [["p.ts", `"read "`, `"found "`]]);
    assertEquals([reader.units.a, reader.units.b].includes("cached"), false);
  });
}

const fanOut = (put: string, top = "") => ({
  "p.ts": `import { pipeline } from "@pipeline";
import { z } from "zod";
import { put } from "./state.ts";
${top}
export default pipeline("p", { description: "", params: z.object({}) }, ({ each, step }: any) => {
  const all = each("all", [{ name: "a", n: 1 }, { name: "b", n: 2 }], ({ n }: any) => ${put});
  step("tell", { all }, ({ all }: any, { log }: any) => log(String(all)));
});`,
  "state.ts": `let sum = 0; export const put = (n: number) => sum += n;`,
});

Deno.test("state: items of a fan-out that hand something on", async () => {
  const { changed } = await checked(fanOut("put(n)"), [["p.ts", "n: 2", "n: 3"]]);
  assert(changed);
});

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
