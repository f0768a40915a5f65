/** Changes of wiring, parameters, inputs and resources that do not look like any: a plain run gives what a forced one does. */

import { differs, filesOf, type Source } from "./hidden_sources.ts";
import type { Edit, Files } from "./versions.ts";

const changes: Record<string, readonly [Source, edits: Edit[], more?: Files]> = {
  "the order of inputs": [
    {
      body: `const a = step("a", () => 1), b = step("b", () => 2);
step("told", { x: a, y: b }, (given: any, { log }: any) => log(JSON.stringify(given)));`,
    },
    [["p.ts", "x: a, y: b", "y: b, x: a"]],
  ],
  "the order of parameters": [
    {
      raw: `import { pipeline } from "@pipeline"; import { z } from "zod";
export default pipeline("p", { description: "", params: z.object({
  k: z.number().default(1), m: z.number().default(2) }) }, ({ step, params }: any) => {
  step("told", ({ log }: any) => log(JSON.stringify(params)));
});`,
    },
    [[
      "p.ts",
      "k: z.number().default(1), m: z.number().default(2)",
      "m: z.number().default(2), k: z.number().default(1)",
    ]],
  ],
  "var function in wiring cb": [{
    top: ``,
    body:
      `const cfg: any = { x: 0 }; const f = (cb: any) => cb(); const a = f(() => { cfg.x = 1; return 1; }); void a; step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [["p.ts", "const a = f(() => { cfg.x = 1; return 1; }); void a;", ""]]],
  "wiring get assigned": [{
    top: ``,
    body:
      `let n = 0; const o: any = {}; o.get = () => ++n; const a = o.get(); void a; const b = o.get(); step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = o.get(); void a;", ""]]],
  "wiring getter pushed": [{
    top: ``,
    body:
      `let n = 0; const list: any[] = []; list.push({ get x() { return ++n; } }); const a = list.map((o) => o.x)[0]; void a; const b = list.map((o) => o.x)[0]; step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = list.map((o) => o.x)[0]; void a;", ""]]],
  "wiring alias": [{
    top: ``,
    body:
      `let n = 0; const o: any = {}; const al = o; al.get = () => ++n; const a = o.get(); void a; const b = o.get(); step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = o.get(); void a;", ""]]],
  "wiring via arg": [{
    top: ``,
    body:
      `let n = 0; const o: any = {}; const put = (v: any) => { v.get = () => ++n; }; put(o); const a = o.get(); void a; const b = o.get(); step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = o.get(); void a;", ""]]],
  "wiring instance": [{
    top: ``,
    body:
      `let n = 0; class C { get y() { return ++n; } } const c = new C(); const a = c.y; void a; const b = c.y; step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = c.y; void a;", ""]]],
  "wiring static getter": [{
    top: ``,
    body:
      `let n = 0; class C { static get y() { return ++n; } } const a = C.y; void a; const b = C.y; step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = C.y; void a;", ""]]],
  "wiring iterator": [{
    top: ``,
    body:
      `let n = 0; const it = (0, [1, 2].values()); const a = [...it].length; void a; const b = [...it].length; step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = [...it].length; void a;", ""]]],
  "wiring defaults": [{
    top: ``,
    body:
      `let n = 0; class C { get y() { return ++n; } } const { c = new C() }: any = {}; const a = c.y; void a; const b = c.y; step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = c.y; void a;", ""]]],
  "wiring cb member": [{
    top: ``,
    body:
      `const cfg: any = { x: 0 }; const o = { put: (v: any) => { cfg.x = v; return v; } }; const a = [1].map(o.put); void a; step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [["p.ts", "const a = [1].map(o.put); void a;", ""]]],
  "wiring this arg": [{
    top: ``,
    body:
      `const cfg: any = { x: 0 };  const a = [1].map(function (this: any, v) { this.x = v; return v; }, cfg); void a; step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [[
    "p.ts",
    "const a = [1].map(function (this: any, v) { this.x = v; return v; }, cfg); void a;",
    "",
  ]]],
  "wiring catch": [{
    top: ``,
    body:
      `let n = 0; const f = () => { try { throw { get x() { return ++n; } }; } catch (e: any) { return e.x; } }; const a = f(); void a; const b = f(); step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = f(); void a;", ""]]],
  "wiring module obj": [{
    top: `const held: any = {};`,
    body:
      `let n = 0; held.get = () => ++n; const a = held.get(); void a; const b = held.get(); step("told", (_: any) => _.log(String(b)));`,
  }, [["p.ts", "const a = held.get(); void a;", ""]]],
  "wiring made in branch": [{
    top: ``,
    body: `let o: any = {}; if (o) { o = { x: 1 }; } step("told", (_: any) => _.log(String(o.x)));`,
  }, [["p.ts", "x: 1", "x: 2"]]],
  "wiring label": [{
    top: ``,
    body:
      `let m = 0; out: for (;;) { for (;;) { m++; if (m > 3) break out; } } step("told", (_: any) => _.log(String(m)));`,
  }, [["p.ts", "m > 3", "m > 4"]]],
  "wiring steps in map fn": [{
    top: `const f = () => 1;`,
    body:
      `const hs = ["x", "y"].map((name, i) => step(name, () => i * f())); step("told", { a: hs[0], b: hs[1] }, ({ a, b }: any, _: any) => _.log(a + "," + b));`,
  }, [["p.ts", "=> 1;", "=> 2;"]]],
  "wiring recursion": [{
    top: ``,
    body:
      `const build = (n: number): any => n === 0 ? step("s0", () => 1) : step("s" + n, { p: build(n - 1) }, ({ p }: any) => p * 2); const a = build(3); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "build(3)", "build(4)"]]],
  "wiring forEach": [{
    top: ``,
    body:
      `const all: any = {}; ["x", "y"].forEach((name, i) => { all[name] = step(name, () => i); }); step("told", all, ({ x, y }: any, _: any) => _.log(x + "," + y));`,
  }, [["p.ts", '"x", "y"', '"y", "x"']]],
  "wiring closures array": [{
    top: ``,
    body:
      `const fs = [() => 1, () => 2]; const hs: any = {}; for (const [i, f] of fs.entries()) hs["s" + i] = step("s" + i, f); step("told", hs, (h: any, _: any) => _.log(JSON.stringify(h)));`,
  }, [["p.ts", "() => 1, () => 2", "() => 2, () => 1"]]],
  "wiring object of fns": [{
    top: ``,
    body:
      `const fs: any = { a: () => 1 }; const a = step("a", fs.a); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "() => 1", "() => 2"]]],
  "wiring class method step": [{
    top: `class W { k = 1; run() { return this.k; } }`,
    body:
      `const w = new W(); const a = step("a", () => w.run()); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "k = 1", "k = 2"]]],
  "wiring bound": [{
    top: `class W { k = 1; run() { return this.k; } }`,
    body:
      `const w = new W(); const a = step("a", w.run.bind(w)); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "k = 1", "k = 2"]]],
  "each key": [{
    top: ``,
    body:
      `const a = each("a", [{ n: 1 }, { n: 2 }], {}, (i: any) => i.n, { key: (i: any) => "n" + i.n }); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "{ n: 1 }, { n: 2 }", "{ n: 2 }, { n: 1 }"]]],
  "each same key other value": [{
    top: ``,
    body:
      `const a = each("a", [{ id: "q", n: 1 }], {}, (i: any) => i.n, { key: (i: any) => i.id }); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "n: 1", "n: 2"]]],
  "each closure via Map": [{
    top: ``,
    body:
      `const a = each("a", [new Map([["f", () => 1]])], {}, (i: any) => i.get("f")(), { key: () => "q" }); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "() => 1", "() => 2"]]],
  "each index": [{
    top: `const order = ["x", "y"];`,
    body:
      `const a = each("a", ["x", "y"], (i: any) => i + order.indexOf(i)); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", 'const order = ["x", "y"]', 'const order = ["y", "x"]']]],
  "resource value": [{
    top: ``,
    body:
      `const r = resource("r", { open: () => ({ v: 1 }), close: () => {} }); step("told", { r }, ({ r }: any, _: any) => _.log(String(r.v)));`,
  }, [["p.ts", "v: 1", "v: 2"]]],
  "resource via const": [{
    top: `const opts: any = { open: () => ({ v: 1 }), close: () => {} };`,
    body:
      `const r = resource("r", opts); step("told", { r }, ({ r }: any, _: any) => _.log(String(r.v)));`,
  }, [["p.ts", "v: 1", "v: 2"]]],
  "resource made": [{
    top: `const make = (v: number) => ({ open: () => ({ v }), close: () => {} });`,
    body:
      `const r = resource("r", make(1)); step("told", { r }, ({ r }: any, _: any) => _.log(String(r.v)));`,
  }, [["p.ts", "make(1)", "make(2)"]]],
  "input renamed": [{
    top: ``,
    body:
      `const a = step("a", () => 1), b = step("b", () => 2); step("told", { x: a, y: b }, ({ x, y }: any, _: any) => _.log(x + "," + y));`,
  }, [["p.ts", "x: a, y: b", "x: b, y: a"]]],
  "input conditional": [{
    top: `const flag = true;`,
    body:
      `const a = step("a", () => 1), b = step("b", () => 2); step("told", flag ? { x: a } : { x: b }, (i: any, _: any) => _.log(JSON.stringify(i)));`,
  }, [["p.ts", "flag = true", "flag = false"]]],
  "output schema": [{
    top: ``,
    body:
      `const a = step("a", {}, () => 5, { output: z.number().transform((v: number) => v + 1) }); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
  }, [["p.ts", "v + 1", "v + 2"]]],
  "output schema helper": [
    {
      top: `import { s } from "./s.ts";`,
      body:
        `const a = step("a", {}, () => 5, { output: s }); step("told", { a }, ({ a }: any, _: any) => _.log(String(a)));`,
    },
    [["s.ts", "v + 1", "v + 2"]],
    {
      "s.ts":
        'import { z } from "zod"; export const s = z.number().transform((v: number) => v + 1);',
    },
  ],
  "params schema transform": [{
    raw: `import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", { description: "", params: z.object({ k: z.number().default(1).transform((v) => v + 1) }) }, ({ step, params }: any) => { step("told", (_: any) => _.log(String(params.k))); });`,
  }, [["p.ts", "v + 1", "v + 2"]]],
  "params schema default": [{
    raw: `import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", { description: "", params: z.object({ k: z.number().default(1) }) }, ({ step, params }: any) => { step("told", (_: any) => _.log(String(params.k))); });`,
  }, [["p.ts", "default(1)", "default(2)"]]],
  "params schema extra": [{
    raw: `import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", { description: "", params: z.object({ k: z.number().default(1) }) }, ({ step, params }: any) => { step("told", (_: any) => _.log(JSON.stringify(params))); });`,
  }, [["p.ts", "default(1)", "default(1), m: z.number().default(3)"]]],
};

for (const [name, [source, edits, more]] of Object.entries(changes)) {
  Deno.test(`hidden change: ${name}`, () => differs(filesOf(source, more), edits));
}
