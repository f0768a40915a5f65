/** Changes across modules, however they are loaded that do not look like any: a plain run gives what a forced one does. */

import { differs, filesOf, type Source } from "./hidden_sources.ts";
import type { Edit, Files } from "./versions.ts";

const changes: Record<string, readonly [Source, edits: Edit[], more?: Files]> = {
  "tla dynamic import": [
    {
      top: `const { v } = await import("./m.ts");`,
      body: `step("told", (_: any) => _.log(String(v)));`,
    },
    [["m.ts", "1", "2"]],
    { "m.ts": "export const v = 1;" },
  ],
  "export import alias": [
    { top: `import { N } from "./m.ts";`, body: `step("told", (_: any) => _.log(String(N)));` },
    [["m.ts", "v = 1", "v = 2"]],
    { "m.ts": "namespace A { export const v = 1; } export import N = A.v;" },
  ],
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
};

for (const [name, [source, edits, more]] of Object.entries(changes)) {
  Deno.test(`hidden change: ${name}`, () => differs(filesOf(source, more), edits));
}
