/** Changes that do not look like any: a plain run gives what a forced one does. */

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
  "toString call": [{
    top: `const r = toString.call([]);`,
    body: `step("told", (_: any) => _.log(String(r)));`,
  }, [["p.ts", "call([])", "call({})"]]],
  "constructor name": [{
    top: `const o: any = { constructor: 5 }; const r = o.constructor;`,
    body: `step("told", (_: any) => _.log(String(r)));`,
  }, [["p.ts", "constructor: 5", "constructor: 6"]]],
  "static block dep": [{
    top: `const cfg: any = { x: 0 }; class A { static v: number; static { A.v = 1; } }`,
    body: `step("told", (_: any) => _.log(String(A.v)));`,
  }, [["p.ts", "A.v = 1", "A.v = 2"]]],
  "static field this": [{
    top: `class A { static a = 1; static b = A.a + 1; }`,
    body: `step("told", (_: any) => _.log(String(A.b)));`,
  }, [["p.ts", "a = 1", "a = 5"]]],
  "decorator arg": [{
    top:
      `const cfg: any = { x: 0 }; const d = (v: number) => (_: any, c: any) => { cfg.x = v; }; @d(1) class A {} void A;`,
    body: `step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [["p.ts", "@d(1)", "@d(2)"]]],
  "decorator field": [{
    top: `const d = (v: number) => (_: any, c: any) => () => v; class A { @d(1) y = 0; }`,
    body: `step("told", (_: any) => _.log(String(new A().y)));`,
  }, [["p.ts", "@d(1)", "@d(2)"]]],
  "label loop": [{
    top:
      `let m = 0; out: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue out; m += a; } }`,
    body: `step("told", (_: any) => _.log(String(m)));`,
  }, [["p.ts", "continue out", "break out"]]],
  "switch fallthrough": [{
    top: `let m = 0; switch (1 as number) { case 1: m++; case 2: m++; }`,
    body: `step("told", (_: any) => _.log(String(m)));`,
  }, [["p.ts", "case 1: m++;", "case 1: m++; break;"]]],
  "tla order": [{
    top: `const cfg: any = { x: 0 }; await 0; cfg.x = 1; await 0; cfg.x = 2;`,
    body: `step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [["p.ts", "cfg.x = 1; await 0; cfg.x = 2;", "cfg.x = 2; await 0; cfg.x = 1;"]]],
  "tla dynamic import": [
    {
      top: `const { v } = await import("./m.ts");`,
      body: `step("told", (_: any) => _.log(String(v)));`,
    },
    [["m.ts", "1", "2"]],
    { "m.ts": "export const v = 1;" },
  ],
  "floating promise": [{
    top:
      `const cfg: any = { x: 0 }; const put = async () => { await 0; cfg.x = 1; }; const pr = put();`,
    body: `step("told", async (_: any) => { await pr; _.log(String(cfg.x)); });`,
  }, [["p.ts", "cfg.x = 1", "cfg.x = 2"]]],
  "enum const": [{
    top: `const enum E { A = 1 }`,
    body: `step("told", (_: any) => _.log(String(E.A)));`,
  }, [["p.ts", "A = 1", "A = 2"]]],
  "enum implicit": [{
    top: `enum E { A, B }`,
    body: `step("told", (_: any) => _.log(String(E.B)));`,
  }, [["p.ts", "A, B", "A, C, B"]]],
  "enum reverse": [{
    top: `enum E { A = 1, B = 1 }`,
    body: `step("told", (_: any) => _.log(String(E[1])));`,
  }, [["p.ts", "A = 1, B = 1", "B = 1, A = 1"]]],
  "namespace fn": [{
    top: `function f() { return f.v; } namespace f { export const v = 1; }`,
    body: `step("told", (_: any) => _.log(String(f())));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "namespace nested": [{
    top: `namespace A.B { export const v = 1; }`,
    body: `step("told", (_: any) => _.log(String(A.B.v)));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "namespace alias": [{
    top: `namespace A { export const v = 1; } import C = A.v;`,
    body: `step("told", (_: any) => _.log(String(C)));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "export import alias": [
    { top: `import { N } from "./m.ts";`, body: `step("told", (_: any) => _.log(String(N)));` },
    [["m.ts", "v = 1", "v = 2"]],
    { "m.ts": "namespace A { export const v = 1; } export import N = A.v;" },
  ],
  "arguments": [{
    top: `function f(..._: any[]) { return arguments.length; }`,
    body: `step("told", (_: any) => _.log(String(f(1))));`,
  }, [["p.ts", "f(1)", "f(1, 2)"]]],
  "fn length": [{
    top: `const f = (a: any) => a;`,
    body: `step("told", (_: any) => _.log(String(f.length)));`,
  }, [["p.ts", "(a: any) => a", "(a: any, b: any) => a"]]],
  "fn name": [{
    top: `const f = (a: any) => a;`,
    body: `step("told", (_: any) => _.log(String(f.name)));`,
  }, [["p.ts", "const f = (a: any) => a", "const g = (a: any) => a, f = g"]]],
  "param prop": [{
    top: `class A { constructor(public v = 1) {} }`,
    body: `step("told", (_: any) => _.log(String(new A().v)));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "param prop public": [{
    top: `class A { constructor(public v = 1) {} }`,
    body: `step("told", (_: any) => _.log(String(new A().v)));`,
  }, [["p.ts", "public v = 1", "v = 1"]]],
  "declare field": [{
    top: `class B { v = 1; } class A extends B { declare v: number; }`,
    body: `step("told", (_: any) => _.log(String(new A().v)));`,
  }, [["p.ts", "declare v", "v"]]],
  "definite field": [{
    top: `class B { v = 1; } class A extends B { override v!: number; }`,
    body: `step("told", (_: any) => _.log(String(new A().v)));`,
  }, [["p.ts", "override v!: number;", ""]]],
  "readonly to accessor": [{
    top: `class A { readonly v = 1; get w() { return 1; } }`,
    body: `step("told", (_: any) => _.log(String(new A().w)));`,
  }, [["p.ts", "w() { return 1", "w() { return 2"]]],
  "abstract": [{
    top:
      `abstract class B { abstract v: number; run() { return this.v; } } class A extends B { v = 1; }`,
    body: `step("told", (_: any) => _.log(String(new A().run())));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "bom": [{
    raw: `﻿import { pipeline } from "@pipeline";
import { z } from "zod";
const emoji = "😀"; const v = 1; void emoji; export default pipeline("p", { description: "", params: z.object({}) }, ({ step }) => { step("told", (_) => _.log(String(v))); });`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "emoji offsets": [{
    top: `const e = "😀😀😀é漢"; const v = 1; void e;`,
    body: `step("told", (_: any) => _.log(String(v)));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "directive": [{
    top: `function f(this: any) { "use strict"; return 1; }`,
    body: `step("told", (_: any) => _.log(String(f())));`,
  }, [["p.ts", "return 1", "return 2"]]],
  "unicode escape name": [{
    top: `const \\u0061b = 1;`,
    body: `step("told", (_: any) => _.log(String(ab)));`,
  }, [["p.ts", "= 1;", "= 2;"]]],
  "html comment": [{
    top: `const v = 1; /* <!-- */`,
    body: `step("told", (_: any) => _.log(String(v)));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "numeric separators": [{
    top: `const v = 1_000;`,
    body: `step("told", (_: any) => _.log(String(v)));`,
  }, [["p.ts", "1_000", "1_001"]]],
  "bigint": [{ top: `const v = 10n;`, body: `step("told", (_: any) => _.log(String(v)));` }, [[
    "p.ts",
    "10n",
    "11n",
  ]]],
  "lone surrogate": [{
    top: `const v = "\\ud800";`,
    body: `step("told", (_: any) => _.log(String(v.charCodeAt(0))));`,
  }, [["p.ts", "\\ud800", "\\ud801"]]],
  "template cooked": [{
    top: "const v = `a\\u{1F600}b`;",
    body: `step("told", (_: any) => _.log(String(v.codePointAt(1))));`,
  }, [["p.ts", "1F600", "1F601"]]],
  "delete": [{
    top: `const o: any = { x: 1 }; delete o.x;`,
    body: `step("told", (_: any) => _.log(String(o.x)));`,
  }, [["p.ts", "delete o.x;", ""]]],
  "import ns nested": [
    {
      top: `import * as m from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String((m as any).n.v)));`,
    },
    [["a.ts", "1", "2"]],
    { "m.ts": 'export * as n from "./a.ts";', "a.ts": "export const v = 1;" },
  ],
  "ns key order": [
    {
      top: `import * as m from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(Object.keys(m))));`,
    },
    [["m.ts", "a = 1, b = 2", "a = 1, c = 2"]],
    { "m.ts": "export const a = 1, b = 2;" },
  ],
  "ns star adds": [
    {
      top: `import * as m from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(Object.keys(m))));`,
    },
    [["a.ts", "v = 1", "v = 1, w = 2"]],
    { "m.ts": 'export * from "./a.ts";', "a.ts": "export const v = 1;" },
  ],
  "star shadow default": [
    { top: `import d from "./m.ts";`, body: `step("told", (_: any) => _.log(String(d)));` },
    [["m.ts", "default 1", "default 2"]],
    { "m.ts": "export default 1;" },
  ],
  "reexport default as default": [
    { top: `import d from "./m.ts";`, body: `step("told", (_: any) => _.log(String(d())));` },
    [["a.ts", "return 1", "return 2"]],
    {
      "m.ts": 'export { default } from "./a.ts";',
      "a.ts": "export default function () { return 1; }",
    },
  ],
  "default class anon": [
    { top: `import D from "./m.ts";`, body: `step("told", (_: any) => _.log(String(new D().v)));` },
    [["m.ts", "v = 1", "v = 2"]],
    { "m.ts": "export default class { v = 1; }" },
  ],
  "string export name": [
    {
      top: `import { "a b" as v } from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(v)));`,
    },
    [["m.ts", "x = 1", "x = 2"]],
    { "m.ts": 'const x = 1; export { x as "a b" };' },
  ],
  "string names swap": [
    {
      top: `import { "a b" as v } from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(v)));`,
    },
    [["m.ts", 'x as "a b", y as "c"', 'y as "a b", x as "c"']],
    { "m.ts": 'const x = 1, y = 2; export { x as "a b", y as "c" };' },
  ],
  "barrel json to text": [
    {
      top: `import { d } from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(typeof d)));`,
    },
    [["m.ts", '"json"', '"text"']],
    { "m.ts": 'export { default as d } from "./d.json" with { type: "json" };', "d.json": "1" },
  ],
  "barrel ns json to text": [
    {
      top: `import { d } from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(typeof d.default)));`,
    },
    [["m.ts", '"json"', '"text"']],
    { "m.ts": 'export * as d from "./d.json" with { type: "json" };', "d.json": "1" },
  ],
  "import then export json to text": [
    {
      top: `import { d } from "./m.ts";`,
      body: `step("told", (_: any) => _.log(String(typeof d)));`,
    },
    [["m.ts", '"json"', '"text"']],
    { "m.ts": 'import d from "./d.json" with { type: "json" }; export { d };', "d.json": "1" },
  ],
  "dynamic json to text": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => _.log(typeof (await import("./d.json", { with: { type: "json" } })).default));`,
    },
    [["p.ts", '"json"', '"text"']],
    { "d.json": "1" },
  ],
  "dynamic template const": [
    { top: ``, body: "step('told', async (_: any) => _.log((await import(`./m.ts`)).v));" },
    [["m.ts", '"1"', '"2"']],
    { "m.ts": 'export const v = "1";' },
  ],
  "import via variable": [
    {
      top: `const path = "./m.ts";`,
      body: `step('told', async (_: any) => _.log((await import(path)).v));`,
    },
    [["m.ts", '"1"', '"2"']],
    { "m.ts": 'export const v = "1";' },
  ],
  "import via resolve": [
    {
      top: ``,
      body:
        `step('told', async (_: any) => _.log((await import(import.meta.resolve('./m.ts'))).v));`,
    },
    [["m.ts", '"1"', '"2"']],
    { "m.ts": 'export const v = "1";' },
  ],
  "globalThis.eval": [
    {
      top: `const src = "f";`,
      body:
        `step("told", async (_: any) => { (globalThis as any).load = () => import("./m.ts"); _.log((await globalThis.eval("load()")).v); });`,
    },
    [["m.ts", '"1"', '"2"']],
    { "m.ts": 'export const v = "1";' },
  ],
  "Function constructor": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => _.log((await (async () => {}).constructor("u", "return (await import(u)).v")(import.meta.resolve("./" + "m.ts")))));`,
    },
    [["m.ts", '"1"', '"2"']],
    { "m.ts": 'export const v = "1";' },
  ],
  "worker alias": [
    {
      top: `const W = Worker;`,
      body:
        `step("told", async (_: any) => { const w = new W(new URL("./" + "w.js", import.meta.url), { type: "module" }); const v = await new Promise((r) => w.onmessage = (e: any) => r(e.data)); w.terminate(); _.log(String(v)); });`,
    },
    [["w.js", "1", "2"]],
    { "w.js": "self.postMessage(1);" },
  ],
  "globalThis.Worker": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => { const w = new globalThis.Worker(new URL("./" + "w.js", import.meta.url), { type: "module" }); const v = await new Promise((r) => w.onmessage = (e: any) => r(e.data)); w.terminate(); _.log(String(v)); });`,
    },
    [["w.js", "1", "2"]],
    { "w.js": "self.postMessage(1);" },
  ],
  "node worker": [
    {
      top: `import { Worker as NW } from "node:worker_threads";`,
      body:
        `step("told", async (_: any) => { const w = new NW(new URL("./" + "w.js", import.meta.url)); const v = await new Promise((r) => w.on("message", r)); await w.terminate(); _.log(String(v)); });`,
    },
    [["w.js", "1", "2"]],
    { "w.js": 'import { parentPort } from "node:worker_threads"; parentPort.postMessage(1);' },
  ],
  "createRequire dynamic": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => { const { createRequire: c } = await import("node:module"); _.log(String(c(import.meta.url)("./m.cjs").v)); });`,
    },
    [["m.cjs", "1", "2"]],
    { "m.cjs": "exports.v = 1;" },
  ],
  "createRequire ns": [
    {
      top: `import * as nm from "node:module"; const { createRequire: c } = nm;`,
      body: `step("told", async (_: any) => { _.log(String(c(import.meta.url)("./m.cjs").v)); });`,
    },
    [["m.cjs", "1", "2"]],
    { "m.cjs": "exports.v = 1;" },
  ],
  "createRequire helper": [
    {
      top: `import { c } from "./h.ts";`,
      body: `step("told", async (_: any) => { _.log(String(c(import.meta.url)("./m.cjs").v)); });`,
    },
    [["m.cjs", "1", "2"]],
    { "m.cjs": "exports.v = 1;", "h.ts": 'export { createRequire as c } from "node:module";' },
  ],
  "builtin module": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => { _.log(String((globalThis as any).process.getBuiltinModule("node:module").createRequire(import.meta.url)("./m.cjs").v)); });`,
    },
    [["m.cjs", "1", "2"]],
    { "m.cjs": "exports.v = 1;" },
  ],
  "builtin module2": [
    {
      top: ``,
      body:
        `step("told", async (_: any) => { const { createRequire } = (globalThis as any).process.getBuiltinModule("node:module"); _.log(String(createRequire(import.meta.url)("./m.cjs").v)); });`,
    },
    [["m.cjs", "1", "2"]],
    { "m.cjs": "exports.v = 1;" },
  ],
  "read beside by url": [
    {
      top: ``,
      body:
        `step("told", (_: any) => _.log(Deno.readTextFileSync(new URL("./d.txt", import.meta.url))));`,
    },
    [["d.txt", "1", "2"]],
    { "d.txt": "1" },
  ],
  "closure array": [{
    top: `const fs = [() => 1, () => 2];`,
    body: `step("told", (_: any) => _.log(String(fs.map((f) => f()))));`,
  }, [["p.ts", "() => 2", "() => 3"]]],
  "closure array built": [{
    top: `const fs: any[] = []; for (let i = 0; i < 3; i++) fs.push(() => i);`,
    body: `step("told", (_: any) => _.log(String(fs.map((f) => f()))));`,
  }, [["p.ts", "i < 3", "i < 2"]]],
  "recursion": [{
    top: `const f = (n: number): number => n < 2 ? 1 : n * f(n - 1);`,
    body: `step("told", (_: any) => _.log(String(f(5))));`,
  }, [["p.ts", "? 1", "? 2"]]],
  "mutual recursion": [{
    top:
      `const e = (n: number): boolean => n === 0 || o(n - 1); const o = (n: number): boolean => n !== 0 && e(n - 1);`,
    body: `step("told", (_: any) => _.log(String(e(5))));`,
  }, [["p.ts", "n !== 0 &&", "n === 0 ||"]]],
  "default param refers": [{
    top: `const b = 1; const f = (a = b) => a;`,
    body: `step("told", (_: any) => _.log(String(f())));`,
  }, [["p.ts", "b = 1", "b = 2"]]],
  "prototype method": [{
    top: `class A {} (A.prototype as any).v = () => 1;`,
    body: `step("told", (_: any) => _.log(String((new A() as any).v())));`,
  }, [["p.ts", "=> 1", "=> 2"]]],
  "fn prop": [{
    top: `function f() { return (f as any).v; } (f as any).v = 1;`,
    body: `step("told", (_: any) => _.log(String(f())));`,
  }, [["p.ts", "v = 1", "v = 2"]]],
  "symbol registry": [{
    top: `(globalThis as any)[Symbol.for("q")] = 1;`,
    body: `step("told", (_: any) => _.log(String((globalThis as any)[Symbol.for("q")])));`,
  }, [["p.ts", "] = 1", "] = 2"]]],
  "globalThis via helper": [
    {
      top: `import "./h.ts";`,
      body: `step("told", (_: any) => _.log(String((globalThis as any).qq1)));`,
    },
    [["h.ts", "= 1", "= 2"]],
    { "h.ts": "(globalThis as any).qq1 = 1; export {};" },
  ],
  "with side import in unrelated": [
    {
      top: `import "./side.ts"; import { cfg } from "./c.ts";`,
      body: `step("told", (_: any) => _.log(String(cfg.x)));`,
    },
    [["side.ts", "cfg.x = 1", "cfg.x = 2"]],
    {
      "c.ts": "export const cfg: any = {};",
      "side.ts": 'import { cfg } from "./c.ts"; cfg.x = 1;',
    },
  ],
  "barrel side": [
    {
      top: `import { cfg } from "./mod.ts";`,
      body: `step("told", (_: any) => _.log(String(cfg.x)));`,
    },
    [["mod.ts", 'import "./s1.ts"; import "./s2.ts";', 'import "./s2.ts"; import "./s1.ts";']],
    {
      "mod.ts": 'import "./s1.ts"; import "./s2.ts"; export * from "./c.ts";',
      "c.ts": "export const cfg: any = {};",
      "s1.ts": 'import { cfg } from "./c.ts"; cfg.x = 1;',
      "s2.ts": 'import { cfg } from "./c.ts"; cfg.x = 2;',
    },
  ],
  "order by import of unused": [{
    top:
      `import { a } from "./s1.ts"; import { b } from "./s2.ts"; import { cfg } from "./c.ts"; void a; void b;`,
    body: `step("told", (_: any) => _.log(String(cfg.x)));`,
  }, [[
    "p.ts",
    'import { a } from "./s1.ts"; import { b } from "./s2.ts";',
    'import { b } from "./s2.ts"; import { a } from "./s1.ts";',
  ]], {
    "c.ts": "export const cfg: any = {};",
    "s1.ts": 'import { cfg } from "./c.ts"; cfg.x = 1; export const a = 1;',
    "s2.ts": 'import { cfg } from "./c.ts"; cfg.x = 2; export const b = 2;',
  }],
  "typeof undeclared": [{
    top: `const v = typeof (globalThis as any).zzz;`,
    body: `step("told", (_: any) => _.log(String(v)));`,
  }, [["p.ts", "zzz", "Array"]]],
  "export default effect": [
    {
      top: `import "./m.ts"; import { cfg } from "./c.ts";`,
      body: `step("told", (_: any) => _.log(String(cfg.x)));`,
    },
    [["m.ts", "x = 1", "x = 2"]],
    {
      "c.ts": "export const cfg: any = {};",
      "m.ts": 'import { cfg } from "./c.ts"; export default (cfg.x = 1);',
    },
  ],
  "export default call": [
    {
      top: `import d from "./m.ts"; import { cfg } from "./c.ts"; void d;`,
      body: `step("told", (_: any) => _.log(String(cfg.x)));`,
    },
    [["m.ts", "put(1)", "put(2)"]],
    {
      "c.ts": "export const cfg: any = {};",
      "m.ts":
        'import { cfg } from "./c.ts"; const put = (v: number) => cfg.x = v; export default put(1);',
    },
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
