/** Effects that do not look like any: without one of them, a plain run gives what a forced one does. */

import { differs, filesOf, state } from "./hidden_sources.ts";
import type { Files } from "./versions.ts";

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
