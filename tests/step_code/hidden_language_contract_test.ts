/** Changes by means of the language that do not look like any: a plain run gives what a forced one does. */

import { differs, filesOf, type Source } from "./hidden_sources.ts";
import type { Edit, Files } from "./versions.ts";

const changes: Record<string, readonly [Source, edits: Edit[], more?: Files]> = {
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
  "typeof undeclared": [{
    top: `const v = typeof (globalThis as any).zzz;`,
    body: `step("told", (_: any) => _.log(String(v)));`,
  }, [["p.ts", "zzz", "Array"]]],
};

for (const [name, [source, edits, more]] of Object.entries(changes)) {
  Deno.test(`hidden change: ${name}`, () => differs(filesOf(source, more), edits));
}
