/** Ways of a parameter to a step that are not written out: a plain run gives what a forced one does. */

import { assert, assertEquals } from "@std/assert";
import { filesOf, type Source } from "./hidden_sources.ts";
import { type Files, type Params, Versions } from "./versions.ts";

/** Ways of a parameter to a step; `a` gives what is told. */
const wirings: Record<string, readonly [Source, more?: Files]> = {
  "optional chain": [{
    top: ``,
    body: `const a = step("a", () => params?.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "optional computed": [{
    top: ``,
    body: `const a = step("a", () => params?.["k"]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "spread": [{
    top: ``,
    body: `const p = { ...params }; const a = step("a", () => p.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "spread in step": [{
    top: ``,
    body: `const a = step("a", () => { const { k } = { ...params }; return k; });
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "entries helper": [{
    top: `const f = (e: any) => JSON.stringify(e);`,
    body: `const a = step("a", () => f(Object.entries(params)));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "helper with this": [{
    top: ``,
    body:
      `const o = { params, get() { return this.params.k; } }; const a = step("a", () => o.get());
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "class holds": [{
    top: ``,
    body:
      `class H { constructor(readonly p: any) {} get k() { return this.p.k; } } const h = new H(params); const a = step("a", () => h.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "class static holds": [{
    top: ``,
    body: `class H { static p = params; } const a = step("a", () => H.p.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "class static block": [{
    top: ``,
    body: `class H { static p: any; static { H.p = params.k; } } const a = step("a", () => H.p);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "private field": [{
    top: ``,
    body:
      `class H { #p = params; get k() { return this.#p.k; } } const h = new H(); const a = step("a", () => h.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "generator closure": [{
    top: ``,
    body: `function* g() { yield params.k; } const a = step("a", () => [...g()]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "async closure": [{
    top: ``,
    body: `const g = async () => params.k; const a = step("a", async () => await g());
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "tagged": [{
    top: ``,
    body:
      "const a = step('a', () => String.raw`${params.k}`);\nstep(\"told\", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));",
  }],
  "WeakMap": [{
    top: ``,
    body:
      `const w = new WeakMap([[params, 1]]); const a = step("a", () => [w.has(params), params.k]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "Map": [{
    top: ``,
    body: `const w = new Map(Object.entries(params)); const a = step("a", () => w.get("k"));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "Proxy": [{
    top: ``,
    body: `const p: any = new Proxy(params, {}); const a = step("a", () => p.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "Object.create": [{
    top: ``,
    body: `const p: any = Object.create(params); const a = step("a", () => p.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "destructure in param": [{
    top: ``,
    body: `const f = ({ k }: any) => k; const a = step("a", () => f(params));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "default param": [{
    top: ``,
    body: `const f = (k = params.k) => k; const a = step("a", () => f());
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "default param of step": [{
    top: ``,
    body: `const a = step("a", {}, (_i: any, _c: any, k = params.k) => k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "symbol key": [{
    top: ``,
    body: `const K = Symbol(); const o = { [K]: params.k }; const a = step("a", () => o[K]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "getter in wiring": [{
    top: ``,
    body: `const o = { get v() { return params.j; } }; const v = o.v; const a = step("a", () => v);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "switch step": [{
    top: ``,
    body:
      `let a: any; switch (params.s) { case "a": a = step("a", () => "A"); break; default: a = step("a", () => "other"); }
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "ternary fn": [{
    top: ``,
    body: `const f = params.k > 5 ? () => "hi" : () => "lo"; const a = step("a", f);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "array of fns": [{
    top: ``,
    body: `const fs = [() => "lo", () => "hi"]; const a = step("a", fs[params.k > 5 ? 1 : 0]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "map lookup fn": [{
    top: ``,
    body:
      `const fs: any = { a: () => "A", b: () => "B", c: () => "C" }; const a = step("a", fs[params.s]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "call result fn": [{
    top: ``,
    body: `const mk = (k: number) => () => k; const a = step("a", mk(params.k));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "curried": [{
    top: ``,
    body:
      `const mk = (k: number) => (j: number) => () => k * j; const a = step("a", mk(params.k)(params.j));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "partial bind": [{
    top: ``,
    body: `const f = (k: number) => k; const a = step("a", f.bind(null, params.k));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "apply": [{
    top: ``,
    body: `const a = step.apply(null, ["a", () => params.k]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "call": [{
    top: ``,
    body: `const a = step.call(null, "a", () => params.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "Reflect": [{
    top: ``,
    body: `const a = Reflect.apply(step, null, ["a", () => params.k]);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "step name computed": [{
    top: ``,
    body: `const a = step(["a"][0], () => params.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "step name template": [{
    top: ``,
    body:
      "const n = 'a'; const a = step(`${n}`, () => params.k);\nstep(\"told\", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));",
  }],
  "loop steps": [{
    top: ``,
    body: `let a: any; for (let i = 0; i < params.k; i++) a = step("a" + i, () => i);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "while steps": [{
    top: ``,
    body: `let a: any, i = 0; while (i < params.k) { const n = i++; a = step("a" + n, () => n); }
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "recursion steps": [{
    top: ``,
    body:
      `const b = (n: number): any => n <= 0 ? step("a0", () => 0) : step("a" + n, { p: b(n - 1) }, ({ p }: any) => p + 1); const a = b(params.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "labelled": [{
    top: ``,
    body:
      `let v = 0; out: for (const l of params.l) { for (;;) { v += l; if (v > params.k) break out; break; } } const a = step("a", () => v);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "items nested closure": [{
    top: ``,
    body: `const a = each("a", ["x"], (i: any) => i + params.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "items from params": [{
    top: ``,
    body: `const a = each("a", params.l.map(String), (i: any) => i);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "items filtered": [{
    top: ``,
    body: `const a = each("a", ["x", "y"].filter((_, i) => i < params.k), (i: any) => i);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "items with key": [{
    top: ``,
    body: `const a = each("a", [{ n: params.k }], {}, (i: any) => i.n, { key: () => "q" });
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "items captured": [{
    top: ``,
    body:
      `const items = [{ id: "q" }]; const a = each("a", items, {}, () => params.k, { key: (i: any) => i.id });
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "input by param": [{
    top: ``,
    body:
      `const hs: any = { a: step("x", () => 1), b: step("y", () => 2), c: step("w", () => 3) }; const a = step("a", { h: hs[params.s] }, ({ h }: any) => h);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "input list by param": [{
    top: ``,
    body:
      `const hs = params.l.map((n: number) => step("s" + n, () => n)); const a = step("a", Object.fromEntries(hs.map((h: any, i: number) => ["i" + i, h])), (i: any) => Object.values(i));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "timeout by param": [{
    top: ``,
    body: `const a = step("a", {}, () => params.j, { timeout: params.k + 50 });
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "resource by param": [{
    top: ``,
    body:
      `const r = resource("r", { open: () => params.k, close: () => {} }); const a = step("a", { r }, ({ r }: any) => r);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "resource uncounted": [{
    top: ``,
    body:
      `const r = resource("r", { open: () => 1, close: () => {} }); const a = step("a", { r }, ({ r }: any) => r + params.k);
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "file by param": [{
    top: ``,
    body:
      `const f = file("f", "x-" + params.s + ".txt"); const a = step("a", { f }, ({ f }: any) => f.split("/").at(-1));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }],
  "param in helper module": [{
    top: `import { h } from "./h.ts";`,
    body: `const a = step("a", () => h(params));
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }, { "h.ts": "export const h = ({ k, ...rest }: any) => [k, rest.j];" }],
  "param held by helper": [{
    top: `import { hold, held } from "./h.ts";`,
    body: `hold(params); const a = step("a", () => held());
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }, {
    "h.ts":
      "let p: any; export const hold = (x: any) => { p = x; }; export const held = () => p.k;",
  }],
  "param held by helper value": [{
    top: `import { hold, held } from "./h.ts";`,
    body: `hold(params.k); const a = step("a", () => held());
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }, {
    "h.ts": "let p: any; export const hold = (x: any) => { p = x; }; export const held = () => p;",
  }],
  "builder held by helper": [{
    top: `import { mk } from "./h.ts";`,
    body: `const a = mk({ step, params });
step("told", { a }, ({ a }: any, { log }: any) => log(JSON.stringify(a)));`,
  }, { "h.ts": 'export const mk = (b: any) => b.step("a", () => b.params.k);' }],
  "export as default cond": [{
    raw:
      `import { pipeline } from "@pipeline"; import { z } from "zod"; const P = { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1, 2]) }) }; const one = pipeline("p", P, ({ step, params }: any) => { step("told", (_: any) => _.log(String(params.k))); }); export default true ? one : one;`,
  }],
  "wiring async": [{
    raw:
      `import { pipeline } from "@pipeline"; import { z } from "zod"; const P = { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1, 2]) }) }; const build = (f: any) => ({ step, params }: any) => { step("told", (_: any) => _.log(f(params))); }; export default pipeline("p", P, build((p: any) => String(p.k)));`,
  }],
  "wiring method obj": [{
    raw:
      `import { pipeline } from "@pipeline"; import { z } from "zod"; const P = { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1, 2]) }) }; const o = { build({ step, params }: any) { step("told", (_: any) => _.log(String(params.k))); } }; export default pipeline("p", P, o.build);`,
  }],
  "wiring class": [{
    raw:
      `import { pipeline } from "@pipeline"; import { z } from "zod"; const P = { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1, 2]) }) }; class W { b: any; constructor(b: any) { this.b = b; b.step("told", (_: any) => _.log(String(this.b.params.k))); } } export default pipeline("p", P, (b: any) => { new W(b); });`,
  }],
  "wiring let builder": [{
    raw:
      `import { pipeline } from "@pipeline"; import { z } from "zod"; const P = { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"), l: z.array(z.number()).default([1, 2]) }) }; let B: any; export default pipeline("p", P, (b: any) => { B = b; B.step("told", (_: any) => _.log(String(B.params.k))); });`,
  }],
};

const given: Params[] = [{ k: 9 }, { j: 5 }, { s: "b" }, { l: [4] }, { k: 7, j: 8, s: "c" }, {}];

for (const [name, [source, more]] of Object.entries(wirings)) {
  Deno.test(`hidden parameter: ${name}`, async () => {
    await using versions = await Versions.create();
    const version = await versions.load(filesOf(source, more));
    const told = new Set([(await version.checked()).told]);
    for (const params of given) told.add((await version.checked(params)).told);
    assert(told.size > 1, "no parameter changes the result");
    assertEquals((await version.run()).units.told, "cached");
  });
}
