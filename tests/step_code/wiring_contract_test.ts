/** More wirings, and more ways of code in them to come by the parameters. */

import { assert, assertEquals } from "@std/assert";
import { type Files, head, Versions } from "./versions.ts";

const schema =
  `z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1,2]) })`;
const wired = (top: string, build: string, after = "") => ({
  "p.ts":
    `${head}${top}\nexport default pipeline("p", { description: "", params: ${schema} }, ${build});\n${after}`,
});
const tell = `step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`;
const body = (t: string) => `({ step, each, file, resource, params }: any) => {\n${t}\n${tell}\n}`;
const wirings: Record<string, Files> = {
  "class instance": wired(
    "",
    body(
      `class C { get() { return params.k; } } const c = new C(); const a = step("a", () => c.get());`,
    ),
  ),
  "resource reads": wired(
    "",
    body(
      `const r = resource("r", { open: () => params.k }); const a = step("a", { r }, ({ r }: any) => r);`,
    ),
  ),
  "resource by condition": wired(
    "",
    body(
      `const r = resource("r", params.k > 5 ? { open: () => 1 } : { open: () => 2 }); const a = step("a", { r }, ({ r }: any) => r);`,
    ),
  ),
  "closure in array": wired(
    "",
    body(
      `const fs = [() => params.k, () => params.j]; const a = step("a", () => fs.map((f: any) => f()));`,
    ),
  ),
  "closure table by param": wired(
    "",
    body(`const fs: any = { a: () => 1, b: () => 2 }; const a = step("a", fs[params.s] ?? fs.b);`),
  ),
  "bind": wired(
    `function f(this: any) { return this.k; }`,
    body(`const a = step("a", f.bind(params));`),
  ),
  "bind arg": wired(
    `function f(k: number) { return k; }`,
    body(`const a = step("a", f.bind(null, params.k));`),
  ),
  "iife": wired("", body(`const a = (() => step("a", () => params.k))();`)),
  "async": wired(
    "",
    body(
      `const a = step("a", async () => { const { j } = await Promise.resolve(params); return j; });`,
    ),
  ),
  "while": wired("", body(`let n = 0; while (n < params.k) n++; const a = step("a", () => n);`)),
  "do": wired(
    "",
    body(`let n = 0; do { n++; } while (n < params.k); const a = step("a", () => n);`),
  ),
  "comma": wired(
    "",
    body(`let n = 0; const m = (n = params.k, 5); const a = step("a", () => [n, m]);`),
  ),
  "default arg": wired("", body(`const f = (x = params.k) => x; const a = step("a", () => f());`)),
  "nullish assign": wired("", body(`let n: any; n ??= params.k; const a = step("a", () => n);`)),
  "set": wired(
    "",
    body(`const s = new Set(); s.add(params.k); const a = step("a", () => [...s]);`),
  ),
  "map in init": wired(
    "",
    body(`const m = new Map([["k", params.k]]); const a = step("a", () => m.get("k"));`),
  ),
  "array destructuring": wired(
    "",
    body(`const [x, y] = [params.k, params.j]; const a = step("a", () => x);`),
  ),
  "list element": wired("", body(`const [x] = params.l; const a = step("a", () => x);`)),
  "index": wired("", body(`const a = step("a", () => params.l[0]);`)),
  "at wiring json": wired(
    "",
    body(`const t = JSON.stringify(params); const a = step("a", () => t);`),
  ),
  "structuredClone": wired(
    "",
    body(`const c = structuredClone(params); const a = step("a", () => c.j);`),
  ),
  "Reflect": wired("", body(`const a = step("a", () => Reflect.get(params, "k"));`)),
  "with alias in step": wired(
    "",
    body(`const a = step("a", () => { const p = params; const { k: z } = p; return z; });`),
  ),
  "generator": wired(
    "",
    body(`function* g() { yield params.k; } const a = step("a", () => [...g()]);`),
  ),
  "wiring generator": wired(
    "",
    body(`function* g() { yield params.k; } const v = [...g()]; const a = step("a", () => v);`),
  ),
  "label": wired(
    "",
    body(
      `let v = 0; x: for (;;) { if (params.k > 5) { v = 1; break x; } break; } const a = step("a", () => v);`,
    ),
  ),
  "builder member computed": wired(
    "",
    `(b: any) => { const a = b["step"]("a", () => b["params"].k); const { step } = b; ${tell} }`,
  ),
  "builder assigned": wired(
    "",
    `(b: any) => { const c = b; const a = c.step("a", () => c.params.k); const { step } = c; ${tell} }`,
  ),
  "builder nested": wired(
    "",
    `({ step, ...b }: any) => { const { params: { k } } = b; const a = step("a", () => k); ${tell} }`,
  ),
  "method assigned": wired(
    "",
    `({ step, params }: any) => { const s = step; const a = s("a", () => params.k); ${tell} }`,
  ),
  "param in inputs name": wired(
    "",
    body(
      `const x = step("x", () => 7); const a = step("a", { [params.s]: x }, (i: any) => Object.keys(i));`,
    ),
  ),
  "param in output schema": wired(
    "",
    body(
      `const a = step("a", {}, () => 5, { output: z.number().transform((n: number) => n * params.k) });`,
    ),
  ),
  "schema const": wired(
    "",
    body(
      `const sc = z.number().transform((n: number) => n * params.k); const a = step("a", {}, () => 5, { output: sc });`,
    ),
  ),
  "options const": wired(
    "",
    body(
      `const o = { output: z.number().transform((n: number) => n * params.k) }; const a = step("a", {}, () => 5, o);`,
    ),
  ),
  "options spread": wired(
    "",
    body(
      `const o = { output: z.number().transform((n: number) => n * params.k) }; const a = step("a", {}, () => 5, { ...o });`,
    ),
  ),
  "args spread": wired(
    "",
    body(`const args: any = ["a", () => params.k]; const a = step(...args);`),
  ),
  "inside try": wired("", body(`let a: any; try { a = step("a", () => params.k); } finally { }`)),
  "in a block": wired("", body(`let a: any; { const v = params.k; a = step("a", () => v); }`)),
  "nested step input": wired(
    "",
    body(`const a = step("a", { x: step("x", () => params.k) }, ({ x }: any) => x);`),
  ),
  "handles in object": wired(
    "",
    body(`const h = { a: step("a", () => params.k) }; const { a } = h;`),
  ),
  "items nested": wired(
    "",
    body(
      `const a = each("a", params.l.map((n: number) => ({ name: "n" + n, v: n * params.k })), (i: any) => i.v);`,
    ),
  ),
  "items with closures": wired(
    "",
    body(
      `const k = params.k; const a = each("a", [{ name: "q", f: () => k }], (i: any) => i.f());`,
    ),
  ),
  "items via variable": wired(
    "",
    body(
      `const items = params.l.map((n: number) => ({ name: "n" + n, f: () => n * params.j })); const a = each("a", items, (i: any) => i.f());`,
    ),
  ),
  "global stash": wired(
    "",
    body(
      `(globalThis as any).stash = params; const a = step("a", () => (globalThis as any).stash.k);`,
    ),
  ),
  "module stash": wired(
    "let held: any;",
    body(`held = params; const a = step("a", () => held.k);`),
  ),
  "module stash via helper": wired(
    "const held: any = {}; const put = (p: any) => Object.assign(held, p);",
    body(`put(params); const a = step("a", () => held.k);`),
  ),
  "helper init stash": wired(
    "const held: any = {}; const put = (p: any) => { held.k = p.k; return 1; };",
    body(`const one = put(params); void one; const a = step("a", () => held.k);`),
  ),
  "named default": {
    "p.ts":
      `${head}const p = pipeline("p", { description: "", params: ${schema} }, ({ step, params }: any) => { const a = step("a", () => params.j); ${tell} }); export default p;`,
  },
  "export as default": {
    "p.ts":
      `${head}const p = pipeline("p", { description: "", params: ${schema} }, ({ step, params }: any) => { const a = step("a", () => params.j); ${tell} }); export { p as default };`,
  },
  "reexported": {
    "p.ts": `export { default } from "./q.ts";`,
    "q.ts":
      `${head}export default pipeline("p", { description: "", params: ${schema} }, ({ step, params }: any) => { const a = step("a", () => params.j); ${tell} });`,
  },
  "made by a function": {
    "p.ts": `import { make } from "./q.ts"; export default make(10);`,
    "q.ts":
      `${head}export const make = (f: number) => pipeline("p", { description: "", params: ${schema} }, ({ step, params }: any) => { const a = step("a", () => params.j * f); ${tell} });`,
  },
  "as cast": {
    "p.ts":
      `${head}export default (pipeline("p", { description: "", params: ${schema} }, (({ step, params }: any) => { const a = step("a", () => (params as any)!.j); ${tell} }) as any) as any);`,
  },
};

const changes = [
  {},
  { k: 9 },
  { j: 5 },
  { s: "b" },
  { l: [3] },
  { k: 7, j: 8, l: [1, 2, 3], s: "c" },
  {},
];

for (const [name, files] of Object.entries(wirings)) {
  Deno.test(`another parameter: ${name}`, async () => {
    await using versions = await Versions.create();
    const version = await versions.load(files);
    const told = new Set<string>();
    for (const params of changes) told.add((await version.checked(params)).told);
    assert(told.size > 1, "no parameter changes the result");
    assertEquals((await version.run()).units.told, "cached");
  });
}
