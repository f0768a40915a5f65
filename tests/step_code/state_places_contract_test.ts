/** State outside of the pipeline, wherever it is: who changes it and who reads it run every time. */

import { assert } from "@std/assert";
import { called, checked, type Form, helper, testForms } from "./state_sources.ts";

const places: Record<string, Form> = {
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

testForms(places);

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
