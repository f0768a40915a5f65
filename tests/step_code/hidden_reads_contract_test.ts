/** Reads that change what is read: without one of them, a plain run gives what a forced one does. */

import { differs, filesOf, state } from "./hidden_sources.ts";
import type { Files } from "./versions.ts";

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
