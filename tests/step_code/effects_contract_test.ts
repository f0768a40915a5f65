/** Effects and syntax of many kinds: what changes the result runs the step again. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, head, Versions } from "./versions.ts";

/** A pipeline whose step `told` tells the result. */
const wired = (top: string, body: string) =>
  `${head}${top}\nexport default pipeline("p", { description: "", params: z.object({ k: z.number().default(1), j: z.number().default(1) }) }, ({ step, each, params }: any) => {\n${body}\n});`;
const cases: [name: string, files: Files, edits: Edit[]][] = [
  ["default import swap", {
    "p.ts": wired(`import a from "./a.ts";`, `step("told", (_: any) => _.log(a));`),
    "a.ts": `export default "A"; export const b = "B";`,
  }, [["p.ts", `import a from`, `import { b as a } from`]]],
  ["reexport default", {
    "p.ts": wired(`import { d } from "./m.ts";`, `step("told", (_: any) => _.log(d));`),
    "m.ts": `export { default as d } from "./a.ts";`,
    "a.ts": `const v = "A"; export default v;`,
  }, [["a.ts", `"A"`, `"B"`]]],
  ["getter module", {
    "p.ts": wired(
      `import { c } from "./m.ts"; const x = c.next; const y = c.next; void x;`,
      `step("told", (_: any) => _.log(String(y)));`,
    ),
    "m.ts": `class C { n = 0; get next() { return ++this.n; } } export const c = new C();`,
  }, [[
    "p.ts",
    `const x = c.next; const y = c.next; void x;`,
    `const y = c.next; const x = c.next; void x;`,
  ]]],
  ["class static block", {
    "p.ts": wired(
      `const o: any = {}; class A { static { o.x = 1; } } void A;`,
      `step("told", (_: any) => _.log(String(o.x)));`,
    ),
  }, [["p.ts", `o.x = 1`, `o.x = 2`]]],
  ["class field fn", {
    "p.ts": wired(
      `class A { f = () => 1; } `,
      `step("told", (_: any) => _.log(String(new A().f())));`,
    ),
  }, [["p.ts", `() => 1`, `() => 2`]]],
  ["prototype patch", {
    "p.ts": wired(
      `(Array.prototype as any).last = function () { return 1; };`,
      `step("told", (_: any) => _.log(String(([] as any).last())));`,
    ),
  }, [["p.ts", `return 1`, `return 2`]]],
  ["proto via variable", {
    "p.ts": wired(
      `const p: any = Object.getPrototypeOf([]); p.last = () => 1;`,
      `step("told", (_: any) => _.log(String(([] as any).last())));`,
    ),
  }, [["p.ts", `=> 1`, `=> 2`]]],
  ["namespace", {
    "p.ts": wired(
      `namespace N { export let x = 1; x = 3; }`,
      `step("told", (_: any) => _.log(String(N.x)));`,
    ),
  }, [["p.ts", `x = 3`, `x = 4`]]],
  ["enum merge", {
    "p.ts": wired(
      `enum E { A = 1 } enum E { B = 5 }`,
      `step("told", (_: any) => _.log(String(E.B)));`,
    ),
  }, [["p.ts", `B = 5`, `B = 6`]]],
  ["var in block", {
    "p.ts": wired(`if (true) { var v = 1; }`, `step("told", (_: any) => _.log(String(v)));`),
  }, [["p.ts", `v = 1`, `v = 2`]]],
  ["for var", {
    "p.ts": wired(`for (var i = 0; i < 3; i++);`, `step("told", (_: any) => _.log(String(i)));`),
  }, [["p.ts", `i < 3`, `i < 4`]]],
  ["destruct default", {
    "p.ts": wired(
      `const { a = 1, ...r }: any = { b: 2 };`,
      `step("told", (_: any) => _.log(JSON.stringify([a, r])));`,
    ),
  }, [["p.ts", `b: 2`, `b: 3`]]],
  ["iife", {
    "p.ts": wired(
      `const v = (() => { let s = 0; for (let i = 0; i < 3; i++) s += i; return s; })();`,
      `step("told", (_: any) => _.log(String(v)));`,
    ),
  }, [["p.ts", `i < 3`, `i < 4`]]],
  ["top await", {
    "p.ts": wired(
      `const v = await Promise.resolve(1);`,
      `step("told", (_: any) => _.log(String(v)));`,
    ),
  }, [["p.ts", `resolve(1)`, `resolve(2)`]]],
  ["live binding", {
    "p.ts": wired(
      `import { n, set } from "./m.ts"; set(1);`,
      `step("told", (_: any) => _.log(String(n)));`,
    ),
    "m.ts": `export let n = 0; export const set = (x: number) => { n = x; };`,
  }, [["p.ts", `set(1)`, `set(2)`]]],
  ["mutual star ambiguity", {
    "p.ts": wired(`import { x } from "./m.ts";`, `step("told", (_: any) => _.log(x));`),
    "m.ts": `export * from "./a.ts"; export { x } from "./b.ts";`,
    "a.ts": `export const x = "a";`,
    "b.ts": `export const x = "b";`,
  }, [["b.ts", `"b"`, `"c"`]]],
  ["new local shadows star", {
    "p.ts": wired(`import { x } from "./m.ts";`, `step("told", (_: any) => _.log(x));`),
    "m.ts": `export * from "./a.ts";`,
    "a.ts": `export const x = "a";`,
  }, [["m.ts", `export * from "./a.ts";`, `export * from "./a.ts"; export const x = "m";`]]],
  ["tagged", {
    "p.ts": wired(
      `const tag = (s: any, ...v: any[]) => s.raw.join("|") + v.join();`,
      'step("told", (_: any) => _.log(tag`a\\n${1}b`));',
    ),
  }, [["p.ts", "a\\n", "a\n"]]],
  ["regex sticky", {
    "p.ts": wired("", `step("told", (_: any) => _.log(String("aXbX".split(/x/i))));`),
  }, [["p.ts", "/x/i", "/x/"]]],
  ["optional call", {
    "p.ts": wired(
      "const o: any = { f: null };",
      `step("told", (_: any) => { try { _.log(String(o.f?.())); } catch { _.log("threw"); } });`,
    ),
  }, [["p.ts", "o.f?.()", "o.f()"]]],
  ["async gen", {
    "p.ts": wired(
      "async function* g() { yield 1; }",
      `step("told", async (_: any) => { for await (const x of g()) _.log(String(x)); });`,
    ),
  }, [["p.ts", "yield 1", "yield 2"]]],
  ["symbol key", {
    "p.ts": wired(
      "const key = Symbol('k'); const o: any = { [key]: 1 };",
      `step("told", (_: any) => _.log(String(o[key])));`,
    ),
  }, [["p.ts", "[key]: 1", "[key]: 2"]]],
  ["private", {
    "p.ts": wired(
      "class A { #x = 1; get x() { return this.#x; } }",
      `step("told", (_: any) => _.log(String(new A().x)));`,
    ),
  }, [["p.ts", "#x = 1", "#x = 2"]]],
  ["accessor static", {
    "p.ts": wired(
      "class A { static #n = 0; static next() { return ++A.#n; } } const a = A.next(), b = A.next(); void a;",
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = A.next(), b = A.next(); void a;", "const b = A.next(); "]]],
  ["memo effect fn", {
    "p.ts": wired(
      `import { id } from "./m.ts"; const a = id(), b = id(); void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
    "m.ts": `let n = 0; export const id = () => n++;`,
  }, [["p.ts", "const a = id(), b = id(); void a;", "const b = id();"]]],
  ["method effect", {
    "p.ts": wired(
      `const c = { n: 0, next() { return ++this.n; } }; const a = c.next(), b = c.next(); void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = c.next(), b = c.next(); void a;", "const b = c.next();"]]],
  ["iterator effect", {
    "p.ts": wired(
      `let n = 0; const it = { *[Symbol.iterator]() { yield ++n; } }; const [a] = it; const [b] = it; void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const [a] = it; const [b] = it; void a;", "const [b] = it;"]]],
  ["spread effect", {
    "p.ts": wired(
      `let n = 0; const it = { *[Symbol.iterator]() { yield ++n; } }; const a = [...it], b = [...it]; void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = [...it], b = [...it]; void a;", "const b = [...it];"]]],
  ["destructuring getter", {
    "p.ts": wired(
      `let n = 0; const o = { get x() { return ++n; } }; const { x: a } = o; const { x: b } = o; void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const { x: a } = o; const { x: b } = o; void a;", "const { x: b } = o;"]]],
  ["valueOf effect", {
    "p.ts": wired(
      `let n = 0; const o: any = { valueOf() { return ++n; } }; const a = o + 1, b = o + 1; void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = o + 1, b = o + 1; void a;", "const b = o + 1;"]]],
  ["toString effect", {
    "p.ts": wired(
      "let n = 0; const o: any = { toString() { return String(++n); } }; const a = `${o}`, b = `${o}`; void a;",
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = `${o}`, b = `${o}`; void a;", "const b = `${o}`;"]]],
  ["dataflow: arg mutated by pure-looking fn", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const put = (o: any) => { o.x = 1; return 1; }; const a = put(cfg); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "o.x = 1", "o.x = 2"]]],
  ["Object.assign", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const a = Object.assign(cfg, { x: 1 }); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "{ x: 1 }", "{ x: 2 }"]]],
  ["sort in init", {
    "p.ts": wired(
      `const list = [3, 1]; const a = list.sort(); void a;`,
      `step("told", (_: any) => _.log(String(list)));`,
    ),
  }, [["p.ts", "const a = list.sort(); void a;", ""]]],
  ["forEach callback effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const u = [1].forEach((n) => { cfg.x = n; }); void u;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "[1].forEach", "[2].forEach"]]],
  ["map with named callback", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = (n: number) => { cfg.x = n; return n; }; const u = [1].map(f); void u;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "[1].map", "[2].map"]]],
  ["Array.from named", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = (n: number) => { cfg.x = n; return n; }; const u = Array.from([1], f); void u;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "from([1]", "from([2]"]]],
  ["replace cb", {
    "p.ts": wired(
      `const cfg = { x: "" }; const f = (n: string) => { cfg.x = n; return n; }; const u = "a".replace(/./, f); void u;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", `"a".replace`, `"b".replace`]]],
  ["constructor effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; class A { constructor(n: number) { cfg.x = n; } } const a = new A(1); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "new A(1)", "new A(2)"]]],
  ["field init effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; class A { y = (cfg.x = 1); } const a = new A(); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "const a = new A(); void a;", ""]]],
  ["default param effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = (a = (cfg.x = 1)) => a; const a = f(); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "const a = f(); void a;", ""]]],
  ["reassigned function", {
    "p.ts": wired(
      `const cfg = { x: 0 }; let f = () => 1; f = () => (cfg.x = 1); const a = f(); void a;`,
      `step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "const a = f(); void a;", ""]]],
  ["proxy/json toJSON", {
    "p.ts": wired(
      `let n = 0; const o = { toJSON() { return ++n; } }; const a = JSON.stringify(o), b = JSON.stringify(o); void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [[
    "p.ts",
    "const a = JSON.stringify(o), b = JSON.stringify(o); void a;",
    "const b = JSON.stringify(o);",
  ]]],
  ["String(o)", {
    "p.ts": wired(
      `let n = 0; const o = { toString() { return String(++n); } }; const a = String(o), b = String(o); void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = String(o), b = String(o); void a;", "const b = String(o);"]]],
  ["Object.entries getter", {
    "p.ts": wired(
      `let n = 0; const o = { get x() { return ++n; } }; const a = Object.values(o), b = Object.values(o); void a;`,
      `step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [[
    "p.ts",
    "const a = Object.values(o), b = Object.values(o); void a;",
    "const b = Object.values(o);",
  ]]],
  ["date toISO mutation", {
    "p.ts": wired(
      `const d = new Date(0); const a = d.setTime(5); void a;`,
      `step("told", (_: any) => _.log(String(d.getTime())));`,
    ),
  }, [["p.ts", "const a = d.setTime(5); void a;", ""]]],
  ["regex lastIndex", {
    "p.ts": wired(
      `const r = /a/g; const a = r.test("aa"); void a;`,
      `step("told", (_: any) => _.log(String(r.lastIndex)));`,
    ),
  }, [["p.ts", `const a = r.test("aa"); void a;`, ""]]],
  ["wiring local mutated by helper", {
    "p.ts": wired(
      `const put = (o: any) => { o.x = 1; return 1; };`,
      `const cfg = { x: 0 }; const a = put(cfg); void a; step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "o.x = 1", "o.x = 2"]]],
  ["wiring getter", {
    "p.ts": wired(
      ``,
      `let n = 0; const o = { get x() { return ++n; } }; const a = o.x; const b = o.x; void a; step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = o.x; const b = o.x; void a;", "const b = o.x;"]]],
  ["wiring method", {
    "p.ts": wired(
      ``,
      `const c = { n: 0, next() { return ++this.n; } }; const a = c.next(); const b = c.next(); void a; step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = c.next(); const b = c.next(); void a;", "const b = c.next();"]]],
  ["wiring own function", {
    "p.ts": wired(
      ``,
      `let n = 0; const next = () => ++n; const a = next(); const b = next(); void a; step("told", (_: any) => _.log(String(b)));`,
    ),
  }, [["p.ts", "const a = next(); const b = next(); void a;", "const b = next();"]]],
  ["inputs arg effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = () => { cfg.x = 1; return {}; };`,
      `step("o", f(), () => 1); step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "cfg.x = 1", "cfg.x = 2"]]],
  ["run arg effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = () => { cfg.x = 1; return () => 1; };`,
      `step("o", f()); step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "cfg.x = 1", "cfg.x = 2"]]],
  ["items effect", {
    "p.ts": wired(
      `const cfg = { x: 0 }; const f = () => { cfg.x = 1; return [1]; };`,
      `each("o", f(), () => 1); step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "cfg.x = 1", "cfg.x = 2"]]],
  ["key effect", {
    "p.ts": wired(
      `const cfg = { x: 0 };`,
      `each("o", [1], {}, () => 1, { key: () => { cfg.x = 1; return "a"; } }); step("told", (_: any) => _.log(String(cfg.x)));`,
    ),
  }, [["p.ts", "cfg.x = 1", "cfg.x = 2"]]],
  ["computed member fn", {
    "p.ts": wired(
      `import * as m from "./m.ts";`,
      `const name = "a"; step("told", (_: any) => _.log((m as any)[name]()));`,
    ),
    "m.ts": `export const a = () => "A";`,
  }, [["m.ts", `"A"`, `"B"`]]],
  ["json import in helper", {
    "p.ts": wired(`import { get } from "./h.ts";`, `step("told", (_: any) => _.log(get()));`),
    "h.ts":
      `import d from "./d.json" with { type: "json" }; export const get = () => JSON.stringify(d);`,
    "d.json": "1",
  }, [["d.json", "1", "2"]]],
  ["text vs json attr", {
    "p.ts": wired(
      `import d from "./d.json" with { type: "json" };`,
      `step("told", (_: any) => _.log(typeof d));`,
    ),
    "d.json": "{}",
  }, [["p.ts", `type: "json"`, `type: "text"`]]],
  ["decorator", {
    "p.ts": wired(
      `const seen: string[] = []; function dec(v: string) { return (_: any, __: any) => { seen.push(v); }; } @dec("a") class A {} void A;`,
      `step("told", (_: any) => _.log(String(seen)));`,
    ),
  }, [["p.ts", `@dec("a")`, `@dec("b")`]]],
  ["export default fn", {
    "p.ts": wired(`import f from "./f.ts";`, `step("told", (_: any) => _.log(f()));`),
    "f.ts": `export default function () { return "A"; }`,
  }, [["f.ts", `"A"`, `"B"`]]],
  ["circular", {
    "p.ts": wired(`import { a } from "./a.ts";`, `step("told", (_: any) => _.log(a()));`),
    "a.ts": `import { b } from "./b.ts"; export const a = () => b(); export const c = () => "C";`,
    "b.ts": `import { c } from "./a.ts"; export const b = () => c();`,
  }, [["a.ts", `"C"`, `"D"`]]],
  ["switch of import kind", {
    "p.ts": wired(`import { a } from "./a.ts";`, `step("told", (_: any) => _.log(a()));`),
    "a.ts": `export const a = () => "A";`,
    "b.ts": `export const a = () => "B";`,
  }, [["p.ts", "./a.ts", "./b.ts"]]],
  ["resource code", {
    "p.ts": wired(``, ``).replace("({ step, each, params }: any)", "({ step, resource }: any)")
      .replace(
        "=> {\n\n}",
        `=> { const r = resource("r", { open: () => 1 }); step("told", { r }, ({ r }: any, _: any) => _.log(String(r))); }`,
      ),
  }, [["p.ts", "open: () => 1", "open: () => 2"]]],
];

for (const [name, files, edits] of cases) {
  Deno.test(`contract: ${name}: ran`, async () => {
    await using versions = await Versions.create();
    const before = await (await versions.load(files)).run();
    const version = await versions.load(edited(files, edits));
    const { told } = await version.run();
    assertEquals(told, (await version.run({}, false)).told);
    assert(told !== before.told, told);
  });
}
