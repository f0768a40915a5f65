/**
 * Effects and reads that do not look like any: behind names of the language, callbacks, accessors,
 * iterators, changed objects, loaders. A plain run gives what a forced one does.
 */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, type Params, Versions } from "./versions.ts";

interface Source {
  readonly top?: string;
  readonly body?: string;
  /** All of the pipeline's file. */
  readonly raw?: string;
}

const params = `z.object({
  k: z.number().default(1), j: z.number().default(1), s: z.string().default("a"),
  l: z.array(z.number()).default([1, 2]),
})`;

function filesOf({ top = "", body = "", raw }: Source, more: Files = {}): Files {
  const wired = `import { pipeline } from "@pipeline";
import { z } from "zod";
${top}
export default pipeline("p", { description: "", params: ${params} },
  ({ step, each, file, resource, params }: any) => {
${body}
});`;
  return { "p.ts": raw ?? wired, ...more };
}

/** Runs a pipeline, edits it and runs it again, with the cache and without. */
async function differs(files: Files, edits: readonly Edit[]): Promise<void> {
  await using versions = await Versions.create();
  const before = await (await versions.load(files)).run();
  const after = await (await versions.load(edited(files, edits))).checked();
  assert(before.told !== after.told, `The edit changes nothing: ${before.told}`);
}

const state = "const cfg: any = { x: 0 }; let n = 0;";

/** What changes `cfg.x` when the module is loaded, and is then left out. */
const left: Record<string, readonly [before: string, effect: string, more?: Files]> = {
  "cb called": [
    `const f = (cb: any) => cb();`,
    `const a = f(() => { cfg.x = 1; return 1; }); void a;`,
  ],
  "cb new": [`const f = (cb: any) => new cb();`, `const a = f(class { y = (cfg.x = 1) }); void a;`],
  "cb fn new": [
    `const f = (cb: any) => new cb();`,
    `const a = f(function () { cfg.x = 1; }); void a;`,
  ],
  "cb passed on": [
    `const put = (v: any) => { cfg.x = v; return v; }; const f = (cb: any) => [1].map(cb);`,
    `const a = f(put); void a;`,
  ],
  "cb via member": [
    `const o = { put: (v: any) => { cfg.x = v; return v; } };`,
    `const a = [1].map(o.put); void a;`,
  ],
  "cb via alias": [
    `const put = (v: any) => { cfg.x = v; return v; }; const alias = put;`,
    `const a = [1].map(alias); void a;`,
  ],
  "cb destructured": [
    `const { put } = { put: (v: any) => { cfg.x = v; return v; } };`,
    `const a = [1].map(put); void a;`,
  ],
  "cb from list": [
    `const [put] = [(v: any) => { cfg.x = v; return v; }];`,
    `const a = [1].map(put); void a;`,
  ],
  "cb conditional": [
    `const put = (v: any) => { cfg.x = v; return v; };`,
    `const a = [1].map(put ?? String); void a;`,
  ],
  "cb paren call": [
    `const put = (v: any) => { cfg.x = v; return v; };`,
    `const a = [1].map((0, put)); void a;`,
  ],
  "this arg": [
    ``,
    `const a = [1].map(function (this: any, v) { this.x = v; return v; }, cfg); void a;`,
  ],
  "this arg named": [
    `const put = function (this: any, v: any) { this.x = v; return v; };`,
    `const a = [1].map(put, cfg); void a;`,
  ],
  "setter in constructor": [
    `class A { constructor() { (this as any).s = 1; } set s(v: number) { cfg.x = v; } }`,
    `const a = new A(); void a;`,
  ],
  "setter of derived": [
    `class B { constructor() { (this as any).s = 1; } } class A extends B { set s(v: number) { cfg.x = v; } }`,
    `const a = new A(); void a;`,
  ],
  "setter of base": [
    `class B { set s(v: number) { cfg.x = v; } } class A extends B { constructor() { super(); this.s = 1; } }`,
    `const a = new A(); void a;`,
  ],
  "method named add": [
    `class Reg { add(v: number) { cfg.x = v; } } const f = (v: number) => { const r = new Reg(); r.add(v); return v; };`,
    `const a = f(1); void a;`,
  ],
  "object push method": [
    `const f = (v: number) => { const r = { push(v: number) { cfg.x = v; } }; r.push(v); return v; };`,
    `const a = f(1); void a;`,
  ],
  "object setter": [
    `const f = (v: number) => { const r = { set s(v: number) { cfg.x = v; } }; r.s = v; return v; };`,
    `const a = f(1); void a;`,
  ],
  "class setter here": [
    `class R { set s(v: number) { cfg.x = v; } } const f = (v: number) => { const r = new R(); r.s = v; return v; };`,
    `const a = f(1); void a;`,
  ],
  "made then reassigned": [
    `const f = (c: any) => { let r: any = {}; r = c; r.x = 1; return 1; };`,
    `const a = f(cfg); void a;`,
  ],
  "made then reassigned2": [
    `const f = (c: any) => { let r: any = []; [r] = [c]; r.x = 1; return 1; };`,
    `const a = f(cfg); void a;`,
  ],
  "made then loop": [
    `const f = (c: any) => { let r: any = []; for (r of [c]) r.x = 1; return 1; };`,
    `const a = f(cfg); void a;`,
  ],
  "using in function": [
    `const f = () => { using r = { [Symbol.dispose]() { cfg.x = 1; } }; void r; return 1; };`,
    `const a = f(); void a;`,
  ],
  "using top": [``, `{ using r = { [Symbol.dispose]() { cfg.x = 1; } }; void r; }`],
  "catch getter": [
    `const f = () => { try { throw { get x() { cfg.x = 1; return 1; } }; } catch (e: any) { return e.x; } };`,
    `const a = f(); void a;`,
  ],
  "zod parse refine": [
    `const s = z.number().refine((v) => { cfg.x = v; return true; });`,
    `const a = s.parse(1); void a;`,
  ],
  "zod safeParse": [
    `const s = z.number().transform((v) => { cfg.x = v; return true; });`,
    `const a = s.safeParse(1); void a;`,
  ],
  "zod default fn": [
    `const s = z.object({ a: z.number().default(() => { cfg.x = 1; return 1; }) });`,
    `const a = s.parse({}); void a;`,
  ],
  "zod preprocess": [
    ``,
    `const a = z.preprocess((v) => { cfg.x = 1; return v; }, z.any()).parse(1); void a;`,
  ],
  "zod in fn": [
    `const check = (v: any) => z.any().refine(() => { cfg.x = v; return true; }).parse(v);`,
    `const a = check(1); void a;`,
  ],
  "regex replace cb": [``, `const a = "a".replace(/a/, (m) => { cfg.x = 1; return m; }); void a;`],
  "JSON reviver": [
    `const put = (k: string, v: any) => { cfg.x = 1; return v; };`,
    `const a = JSON.parse("1", put); void a;`,
  ],
  "JSON replacer member": [
    `const o = { put: (k: string, v: any) => { cfg.x = 1; return v; } };`,
    `const a = JSON.stringify({}, o.put); void a;`,
  ],
  "sort named": [
    `const o = { put: (a: any, b: any) => { cfg.x = 1; return 0; } };`,
    `const a = [2, 1].toSorted(o.put); void a;`,
  ],
  "groupBy": [
    `const o = { put: (v: any) => { cfg.x = v; return "k"; } };`,
    `const a = Object.groupBy([1], o.put); void a;`,
  ],
  "Array.from member": [
    `const o = { put: (v: any) => { cfg.x = v; return v; } };`,
    `const a = Array.from([1], o.put); void a;`,
  ],
  "Array.from length": [
    ``,
    `const a = Array.from({ get length() { cfg.x = 1; return 1; } }); void a;`,
  ],
  "param default call": [
    `const put = () => { cfg.x = 1; return 1; }; const f = ({ a = put() }: any) => a;`,
    `const a = f({}); void a;`,
  ],
  "computed key call": [
    `const put = () => { cfg.x = 1; return "k"; };`,
    `const a = { [put()]: 1 }; void a;`,
  ],
  "computed key toString": [
    `const o: any = { toString() { cfg.x = 1; return "k"; } };`,
    `const a = { [o]: 1 }; void a;`,
  ],
  "member toString": [
    `const o: any = { toString() { cfg.x = 1; return "k"; } }; const t: any = {};`,
    `const a = t[o]; void a;`,
  ],
  "class computed key": [
    `const o: any = { toString() { cfg.x = 1; return "k"; } };`,
    `class A { [o]() {} } void A;`,
  ],
  "static method call chain": [
    `class A { static put() { cfg.x = 1; return A; } }`,
    `const a = A.put(); void a;`,
  ],
  "floating promise unused": [
    `const put = async () => { cfg.x = 1; };`,
    `const pr = put(); void pr;`,
  ],
  "then": [``, `const pr = Promise.resolve().then(() => { cfg.x = 1; }); void pr;`],
  "await thenable": [
    `const t: any = { then(r: any) { cfg.x = 1; r(1); } };`,
    `const v = await t; void v;`,
  ],
  "async fn awaiting thenable": [
    `const t: any = { then(r: any) { cfg.x = 1; r(1); } }; const f = async () => await t;`,
    `const v = f(); void v;`,
  ],
  "async fn returning thenable": [
    `const t: any = { then(r: any) { cfg.x = 1; r(1); } }; const f = async () => t;`,
    `const v = f(); void v;`,
  ],
  "queueMicrotask": [``, `queueMicrotask(() => { cfg.x = 1; });`],
  "enum computed": [`const put = () => { cfg.x = 1; return 1; };`, `enum E { A = put() } void E;`],
  "two vars": [
    `const f = () => { var g: any = () => 1; var g: any = () => { cfg.x = 1; }; return g(); };`,
    `const a = f(); void a;`,
  ],
  "two vars top": [
    `var g: any = () => 1; var g: any = () => { cfg.x = 1; };`,
    `const a = g(); void a;`,
  ],
  "fn decl twice": [
    `const f = () => { { function g() { cfg.x = 1; } return g(); } };`,
    `const a = f(); void a;`,
  ],
  "pure outside helper": [`import { put } from "./h.ts";`, `const a = put(cfg); void a;`, {
    "h.ts": "export const put = (c: any) => { const r = c; r.x = 1; return 1; };",
  }],
  "tag fn": [`const tag = (..._: any[]) => { cfg.x = 1; return 1; };`, "const a = tag`x`; void a;"],
  "optional call effect": [
    `const o: any = { f: () => { cfg.x = 1; } };`,
    `const a = o?.f?.(); void a;`,
  ],
  "getter param obj": [
    `const f = (o: any) => o.y;`,
    `const a = f({ get y() { cfg.x = 1; return 1; } }); void a;`,
  ],
  "instance param": [
    `class C { get y() { cfg.x = 1; return 1; } } const f = (o: any) => o.y;`,
    `const a = f(new C()); void a;`,
  ],
  "instance in array param": [
    `class C { get y() { cfg.x = 1; return 1; } } const f = (o: any) => o[0].y;`,
    `const a = f([new C()]); void a;`,
  ],
  "class param static": [
    `class C { static get y() { cfg.x = 1; return 1; } } const f = (o: any) => o.y;`,
    `const a = f(C); void a;`,
  ],
  "fn param called method": [
    `const put = () => { cfg.x = 1; }; const f = (o: any) => { const r = { o }; return r.o.call(null); };`,
    `const a = f(put); void a;`,
  ],
  "bind call": [`const put = () => { cfg.x = 1; };`, `const a = put.call(null); void a;`],
  "Reflect apply": [
    `const put = () => { cfg.x = 1; };`,
    `const a = Reflect.apply(put, null, []); void a;`,
  ],
  "map on own class": [
    `class L { map(_: any) { cfg.x = 1; return 1; } } const l = new L();`,
    `const a = l.map(1); void a;`,
  ],
  "map on param class": [
    `class L { map(_: any) { cfg.x = 1; return 1; } } const f = (l: any) => l.map(1);`,
    `const a = f(new L()); void a;`,
  ],
  "subclass array": [
    `class L extends Array { override map(_: any): any { cfg.x = 1; return 1; } } const l = L.from([1]);`,
    `const a = l.map((x) => x); void a;`,
  ],
  "super call effect": [
    `class B { constructor() { cfg.x = 1; } } class A extends B {}`,
    `const a = new A(); void a;`,
  ],
  "extends expr": [
    `const mix = () => { cfg.x = 1; return Object; };`,
    `class A extends (mix() as any) {} void A;`,
  ],
  "private static call": [
    `class A { static #p() { cfg.x = 1; } static q = 1; y = A.#p(); }`,
    `const a = new A(); void a;`,
  ],
  "static init call": [
    `const put = () => { cfg.x = 1; return 1; };`,
    `class A { static y = put(); } void A;`,
  ],
  "map subclass set": [
    `class M extends Map { override set(k: any, v: any) { cfg.x = v; return super.set(k, v); } }`,
    `const m = new M([[1, 1]]); void m;`,
  ],
  "array subclass push": [
    `class L extends Array { override push(...v: any[]) { cfg.x = 1; return super.push(...v); } } const f = () => { const l = new L(); l.push(1); return 1; };`,
    `const a = f(); void a;`,
  ],
  "error cause getter": [
    ``,
    `const e = new Error("x", { get cause() { cfg.x = 1; return 1; } } as any); void e;`,
  ],
  "date valueOf": [
    `const o: any = { valueOf() { cfg.x = 1; return 1; } };`,
    `const d = new Date(o); void d;`,
  ],
  "math valueOf": [
    `const o: any = { valueOf() { cfg.x = 1; return 1; } };`,
    `const d = Math.max(o); void d;`,
  ],
  "compare valueOf": [
    `const o: any = { valueOf() { cfg.x = 1; return 1; } };`,
    `const d = o < 2; void d;`,
  ],
  "loose equal valueOf": [
    `const o: any = { valueOf() { cfg.x = 1; return 1; } };`,
    `const d = o == 1; void d;`,
  ],
  "in proxy": [
    `const o: any = new Proxy({}, { has() { cfg.x = 1; return true; } });`,
    `const d = "a" in o; void d;`,
  ],
  "instanceof hasInstance": [
    `class K { static [Symbol.hasInstance]() { cfg.x = 1; return true; } }`,
    `const d = ({}) instanceof K; void d;`,
  ],
  "join toString element": [
    `const o: any = { toString() { cfg.x = 1; return "k"; } };`,
    `const d = [o].join(); void d;`,
  ],
  "sort default toString": [
    `const o: any = { toString() { cfg.x = 1; return "k"; } };`,
    `const d = [o, o].toSorted(); void d;`,
  ],
  "concat spreadable": [
    `const o: any = { get [Symbol.isConcatSpreadable]() { cfg.x = 1; return false; } };`,
    `const d = [].concat(o); void d;`,
  ],
  "structuredClone getter": [
    `const o: any = { get a() { cfg.x = 1; return 1; } };`,
    `const d = structuredClone(o); void d;`,
  ],
  "split symbol": [
    `const o: any = { [Symbol.split]() { cfg.x = 1; return []; } };`,
    `const d = "a".split(o); void d;`,
  ],
  "match symbol": [
    `const o: any = { [Symbol.match]() { cfg.x = 1; return null; } };`,
    `const d = "a".match(o); void d;`,
  ],
  "species": [
    `class L extends Array { static override get [Symbol.species]() { cfg.x = 1; return Array; } } const l: any = new L();`,
    `const d = l.map((x: any) => x); void d;`,
  ],
  "async generator": [
    `async function* g() { cfg.x = 1; yield 1; } const go = async () => { for await (const v of g()) void v; };`,
    `const d = go(); void d;`,
  ],
  "generator spread": [`function* g() { cfg.x = 1; yield 1; }`, `const d = [...g()]; void d;`],
  "generator from": [`function* g() { cfg.x = 1; yield 1; }`, `const d = Array.from(g()); void d;`],
  "generator for of fn": [
    `function* g() { cfg.x = 1; yield 1; } const f = () => { for (const v of g()) void v; return 1; };`,
    `const d = f(); void d;`,
  ],
  "yield star": [
    `function* g() { cfg.x = 1; yield 1; } function* h() { yield* g(); }`,
    `const [d] = h(); void d;`,
  ],
  "nested fn effect": [
    `const f = () => { const g = () => { cfg.x = 1; }; g(); return 1; };`,
    `const d = f(); void d;`,
  ],
  "nested fn cb": [
    `const f = () => { const g = () => { cfg.x = 1; return 1; }; return [1].map(g); };`,
    `const d = f(); void d;`,
  ],
  "finally effect": [
    `const f = () => { try { return 1; } finally { cfg.x = 1; } };`,
    `const d = f(); void d;`,
  ],
  "comma effect": [``, `const d = (cfg.x = 1, 2); void d;`],
  "logical effect": [``, `const d = true && (cfg.x = 1); void d;`],
  "nullish assign": [`cfg.y = undefined;`, `const d = (cfg.y ??= (cfg.x = 1)); void d;`],
  "template effect": [``, "const d = `${cfg.x = 1}`; void d;"],
};

for (const [name, [before, effect, more]] of Object.entries(left)) {
  Deno.test(`hidden effect: ${name}`, async () => {
    const body = `step("told", ({ log }: any) => log(String(cfg.x)));`;
    await differs(filesOf({ top: `${state} ${before} ${effect}`, body }, more), [[
      "p.ts",
      effect,
      "",
    ]]);
  });
}

/** What gives another value each time it is read; the first of two reads is left out. */
const read: Record<string, readonly [before: string, value: string, more?: Files]> = {
  "static getter super": [`class B { static get x() { return ++n; } } class A extends B {}`, `A.x`],
  "proto literal": [`const o: any = { __proto__: { get x() { return ++n; } } };`, `o.x`],
  "defineProperty": [
    `const o: any = { x: 0 }; Object.defineProperty(o, "x", { get: () => ++n });`,
    `o.x`,
  ],
  "defineGetter": [`const o: any = { x: 0 }; o.__defineGetter__("x", () => ++n);`, `o.x`],
  "setPrototypeOf": [
    `const o: any = {}; Object.setPrototypeOf(o, { get x() { return ++n; } });`,
    `o.x`,
  ],
  "array proto getter": [
    `Object.defineProperty(Array.prototype, "peek", { configurable: true, get: () => ++n }); const o: any = [];`,
    `o.peek`,
  ],
  "array proto map": [
    `(Array.prototype as any).toSpliced = function () { return ++n; };`,
    `[1].toSpliced(0, 0)`,
  ],
  "own Map class": [`class Map { get x() { return ++n; } } const m = new Map();`, `m.x`],
  "own TickArray": [
    `class TickArray { get x() { return ++n; } } const m = new TickArray();`,
    `m.x`,
  ],
  "getter in constructor": [
    `class A { v: number; constructor() { this.v = this.g; } get g() { return ++n; } }`,
    `new A().v`,
  ],
  "getter in field": [`class A { v = this.g; get g() { return ++n; } }`, `new A().v`],
  "local class getter": [
    `const f = () => { class A { static get x() { return ++n; } } return A.x; };`,
    `f()`,
  ],
  "iterator held": [`const o = { it: [1, 2].values() };`, `[...o.it].length`],
  "iterator comma": [`const it = (0, [1, 2].values());`, `[...it].length`],
  "iterator and": [`const it = true && [1, 2][Symbol.iterator]();`, `[...it as any].length`],
  "iterator of function": [
    `const make = () => [1, 2].values(); const it = make();`,
    `[...it].length`,
  ],
  "iterator from": [`const it = Iterator.from([1, 2]);`, `[...it].length`],
  "iterator map": [`const it = [1, 2].values().map((x) => x);`, `[...it].length`],
  "get of fromEntries": [`const o: any = Object.fromEntries([["get", () => ++n]]);`, `o.get()`],
  "get assigned": [
    `const make = () => { const o: any = {}; o.get = () => ++n; return o; }; const o = make();`,
    `o.get()`,
  ],
  "get computed": [
    `const make = (k: string) => { const o: any = {}; o[k] = () => ++n; return o; }; const o = make("get");`,
    `o.get()`,
  ],
  "get computed literal": [`const o: any = { ["g" + "et"]: () => ++n };`, `o.get()`],
  "get in Map value": [
    `const o: any = new Map([["get", { get: () => ++n }]]).get("get");`,
    `o.get()`,
  ],
  "get frozen": [`const o: any = Object.freeze({ get: () => ++n });`, `o.get()`],
  "get assign": [`const o: any = Object.assign({}, { get: () => ++n });`, `o.get()`],
  "get spread": [`const o: any = { ...{ get: () => ++n } };`, `o.get()`],
  "get class": [`class C { get() { return ++n; } } const o = new C();`, `o.get()`],
  "list of getters": [
    `const list = [1].map(() => ({ get x() { return ++n; } }));`,
    `(({ x }) => x)(list[0])`,
  ],
  "list of getters destr": [
    `const list = [1].map(() => ({ get x() { return ++n; } }));`,
    `[list].map(([{ x }]) => x)[0]`,
  ],
  "symbol iterator own": [
    `const o = { [Symbol.iterator]: function* () { yield ++n; } };`,
    `[...o][0]`,
  ],
  "toPrimitive": [`const o: any = { [Symbol.toPrimitive]: () => ++n };`, "`${o}`"],
  "proxy": [`const o: any = new Proxy({}, { get: () => ++n });`, `o.x`],
  "generator next": [`function* g() { for (;;) yield ++n; } const it = g();`, `it.next().value`],
  "generator destr": [
    `function* g() { for (;;) yield ++n; } const it = g();`,
    `(([x]) => x)(it as any)`,
  ],
  "effect adds get": [`const o: any = {}; o.get = () => ++n;`, `o.get()`],
  "effect adds getter object": [
    `const o: any = { p: {} }; o.p = { get x() { return ++n; } };`,
    `(({ p }) => p.x)(o)`,
  ],
  "effect pushes getter": [
    `const list: any[] = []; list.push({ get x() { return ++n; } });`,
    `list.map((o) => o.x)[0]`,
  ],
  "effect pushes via fn": [
    `const list: any[] = []; const add = (l: any[]) => { l.push({ get x() { return ++n; } }); }; add(list);`,
    `list.map((o) => o.x)[0]`,
  ],
  "effect in other module": [`import { o } from "./o.ts"; import "./patch.ts";`, `o.get()`, {
    "o.ts": "export const o: any = {};",
    "patch.ts": 'import { o } from "./o.ts"; let n = 0; o.get = () => ++n;',
  }],
  "effect via alias": [`const o: any = {}; const alias = o; alias.get = () => ++n;`, `o.get()`],
  "effect via holder": [`const o: any = {}; const h = { o }; h.o.get = () => ++n;`, `o.get()`],
  "effect on fn": [`function f() {} (f as any).get = () => ++n;`, `(f as any).get()`],
  "effect on fn param": [
    `function f() {} const tag = (g: any) => { g.get = () => ++n; }; tag(f); const call = (g: any) => g.get();`,
    `call(f)`,
  ],
  "effect by assign": [`const o: any = {}; Object.assign(o, { get: () => ++n });`, `o.get()`],
  "builtin patched": [`Math.sinh = (...a: number[]) => { n++; return n; };`, `Math.sinh(0)`],
  "builtin patched alias": [
    `const M = Math; M.cosh = (...a: number[]) => { n++; return n; };`,
    `Math.cosh(0)`,
  ],
  "builtin patched assign": [`Object.assign(Math, { hypot: () => ++n });`, `Math.hypot(0)`],
  "global patched": [`(globalThis as any).escape = () => ++n;`, `escape("a")`],
  "String proto": [
    `(String.prototype as any).normalize = function () { return ++n; };`,
    `"a".normalize()`,
  ],
  "symbol proto": [
    `const P: any = Object.getPrototypeOf(new BigInt64Array(1)); P.with = () => ++n; const m = new BigInt64Array(1);`,
    `m.with(0, 1n)`,
  ],
  "destructured default instance": [
    `class C { get y() { return ++n; } } const { c = new C() }: any = {};`,
    `c.y`,
  ],
  "destructured instance": [
    `class C { get y() { return ++n; } } const { c } = { c: new C() };`,
    `c.y`,
  ],
  "array destructured instance": [
    `class C { get y() { return ++n; } } const [c] = [new C()];`,
    `c.y`,
  ],
  "param default instance": [
    `class C { get y() { return ++n; } } const f = (c = new C()) => c.y;`,
    `f()`,
  ],
  "map of instances": [
    `class C { get y() { return ++n; } }`,
    `[1].map(() => new C()).map((c) => c.y)[0]`,
  ],
  "map to instance named": [
    `class C { get y() { return ++n; } } const mk = () => new C();`,
    `[1].map(mk).map((c) => c.y)[0]`,
  ],
  "reduce to instance": [
    `class C { get y() { return ++n; } }`,
    `[1].reduce((a: any) => a ?? new C(), null).y`,
  ],
  "conditional instance": [
    `class C { get y() { return ++n; } } const c: any = n === 0 ? new C() : null;`,
    `c.y`,
  ],
  "object create": [`const o: any = Object.create({ get x() { return ++n; } });`, `o.x`],
  "object create descr": [`const o: any = Object.create(null, { x: { get: () => ++n } });`, `o.x`],
  "property value param named get": [
    `const make = (get: any) => ({ get }); const o = make(() => ++n);`,
    `o.get()`,
  ],
};

for (const [name, [before, value, more]] of Object.entries(read)) {
  Deno.test(`hidden effect: read twice: ${name}`, async () => {
    const first = `const a = ${value}; void a;`;
    const top = `${state} ${before} ${first} const b = ${value};`;
    const body = `step("told", ({ log }: any) => log(String(b)));`;
    await differs(filesOf({ top, body }, more), [["p.ts", first, ""]]);
  });
}

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
