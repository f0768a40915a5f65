/** The contract of the cache: this edit runs a step again, that one does not. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, Versions } from "./versions.ts";

/** Code that a step calls, in whatever file it stands. */
const code = `
const base = 3;
const table = { a: 1, b: 2 };
const pattern = /a+/g;
enum Level { Low = 1, High = 2 }
class Scale { factor = 2; apply(x: number) { return x * this.factor; } }
function inner(x: number): number { return x + 1; }
export function compute(x: number): string {
  // a comment
  const { a, ...rest } = table;
  const hidden = ((base: number) => base + 1)(10);
  let text = \`\${x}\` + String.raw\`\\.csv\${base}\`;
  for (const n of [1, 2]) text += new Scale().apply(inner(n) * Level.High);
  switch (x) { case 5: text += "five"; break; default: text += "other"; }
  return [text, a, Object.keys(rest), "aab".replace(pattern, "x"), hidden].join("|");
}
export const unrelated = 7;
export function other(): number { return 1; }
export class Unused { value = 1; }
export interface Shape { n: number }
type Alias = string;
export const cast = (value: unknown) => value as Alias;
`;

const differing: Record<string, readonly [string, string]> = {
  "a constant": ["base = 3", "base = 4"],
  "a key": ["b: 2", "c: 2"],
  "flags of a pattern": ["/a+/g", "/a+/"],
  "a member of an enum": ["High = 2", "High = 3"],
  "a field of a class": ["factor = 2", "factor = 3"],
  "a method": ["x * this.factor", "x - this.factor"],
  "an inner function": ["return x + 1", "return x + 2"],
  "raw text": ["\\.csv", ".csv"],
  "an order": ["[1, 2]) text", "[2, 1]) text"],
  "a case": ['"other"', '"another"'],
  "a method's name": ["Object.keys(rest)", "Object.values(rest)"],
  "a name that hides another": ["((base: number) => base + 1)", "((free: number) => base + free)"],
  "an effect": ["const pattern", "Object.assign(table, { a: 5 });\nconst pattern"],
};

const equal: Record<string, readonly [string, string]> = {
  "a comment": ["// a comment", "/* another\n comment */"],
  "formatting": ["{ return x + 1; }", "{\n    return (\n      x + 1\n    );\n}"],
  "quotes": ['"aab"', "'aab'"],
  "a type": ["(x: number): string", "(x: 5 | 6): `${string}`"],
  "an interface": ["{ n: number }", "{ n: number; m?: Shape }"],
  "an alias of a type": ["Alias = string", "Alias = string | number"],
  "a cast": ["const { a, ...rest } = table;", "const { a, ...rest } = table as typeof table;"],
  "an unrelated constant": ["unrelated = 7", "unrelated = 8"],
  "an unrelated function": ["return 1", "return 2"],
  "an unrelated class": ["value = 1", "value = 2"],
  "a new declaration": ["type Alias", "export const added = new Map([[1, 2]]);\ntype Alias"],
};

const head = `import { pipeline } from "@pipeline";\nimport { z } from "zod";\n`;
const wiring = (call: string) => `
export default pipeline("p", { description: "", params: z.object({}) }, ({ step, each }) => {
  const five = step("five", () => 5);
  ${call}
});
`;
const one = wiring(`step("told", { five }, ({ five }, { log }) => log(compute(five)));`);
const many = wiring(
  `const all = each("each", [5, 6], (n) => compute(n)); step("told", { all }, ({ all }, { log }) => log(String(all)));`,
);

/** The ways in which a step comes by its code: its files, and where the code stands. */
const forms: Record<string, { files: Files; at: string; unit: string }> = {
  local: { files: { "p.ts": head + code + one }, at: "p.ts", unit: "told" },
  helper: {
    files: { "p.ts": `${head}import { compute } from "./h.ts";${one}`, "h.ts": code },
    at: "h.ts",
    unit: "told",
  },
  barrel: {
    files: {
      "p.ts": `${head}import { calc as compute } from "./lib/mod.ts";${one}`,
      "lib/mod.ts": `export * from "./more.ts";`,
      "lib/more.ts": `export { compute as calc, other } from "./h.ts";`,
      "lib/h.ts": code,
    },
    at: "lib/h.ts",
    unit: "told",
  },
  "dynamic import": {
    files: {
      "p.ts": head +
        wiring(
          `step("told", { five }, async ({ five }, { log }) => log((await import("./h.ts")).compute(five)));`,
        ),
      "h.ts": code,
    },
    at: "h.ts",
    unit: "told",
  },
  "fan-out": {
    files: { "p.ts": `${head}import { compute } from "./h.ts";${many}`, "h.ts": code },
    at: "h.ts",
    unit: "each[5]",
  },
  "steps in a loop": {
    files: {
      "p.ts": `${head}import { compute } from "./h.ts";` +
        wiring(
          `for (const name of ["told"]) step(name, { five }, ({ five }, { log }) => log(compute(five)));`,
        ),
      "h.ts": code,
    },
    at: "h.ts",
    unit: "told",
  },
};

for (const [form, { files, at, unit }] of Object.entries(forms)) {
  Deno.test(`contract: ${form}`, async (t) => {
    await using versions = await Versions.create();
    await (await versions.load(files)).checked();
    for (const [what, [from, to]] of Object.entries(differing)) {
      await t.step(`${what} runs it again`, async () => {
        const version = await versions.load(edited(files, [[at, from, to]]));
        const { told, units } = await version.checked();
        assertEquals(units[unit], "ran");
        assert(told !== "");
      });
    }
    for (const [what, [from, to]] of Object.entries(equal)) {
      // What a module exports is all seen by who imports the whole of it.
      if (form === "dynamic import" && /unrelated|new/.test(what)) continue;
      await t.step(`${what} does not`, async () => {
        const version = await versions.load(edited(files, [[at, from, to]]));
        assertEquals((await version.checked()).units[unit], "cached");
      });
    }
  });
}

/** Edits of single pipelines: the last step tells its result. */
interface Case {
  readonly top?: string;
  readonly body: string;
  readonly more?: Files;
  readonly edits: readonly Edit[];
  readonly is: "ran" | "cached";
}

const cases: Record<string, Case> = {
  "a name from another package": {
    top: `import { basename as f } from "@std/path";`,
    body: `step("told", (_) => _.log(f("/x/y.txt")));`,
    edits: [["p.ts", "basename as f", "dirname as f"]],
    is: "ran",
  },
  "another package of one name": {
    top: `import { parse } from "@std/csv";`,
    body: `step("told", (_) => _.log(JSON.stringify(parse("a: 1"))));`,
    edits: [["p.ts", "@std/csv", "@std/yaml"]],
    is: "ran",
  },
  "the same in a helper": {
    top: `import { g } from "./h.ts";`,
    body: `step("told", (_) => _.log(g()));`,
    more: {
      "h.ts": `import { basename as f } from "@std/path"; export const g = () => f("/x/y");`,
    },
    edits: [["h.ts", "basename as f", "dirname as f"]],
    is: "ran",
  },
  "names of a module that change places": {
    top: `import { x as first, y as second } from "./m.ts";`,
    body: `step("told", (_) => _.log(first + second));`,
    more: { "m.ts": `export const x = "X", y = "Y";` },
    edits: [["p.ts", "x as first, y as second", "y as first, x as second"]],
    is: "ran",
  },
  "exports of a barrel that change places": {
    top: `import { x, y } from "./mod.ts";`,
    body: `step("told", (_) => _.log(x + y));`,
    more: {
      "mod.ts": `export { a as x, b as y } from "./m.ts";`,
      "m.ts": `export const a = "A", b = "B";`,
    },
    edits: [["mod.ts", "a as x, b as y", "b as x, a as y"]],
    is: "ran",
  },
  "a barrel that takes another way to the same": {
    top: `import { x } from "./mod.ts";`,
    body: `step("told", (_) => _.log(x));`,
    more: { "mod.ts": `export { x } from "./m.ts";`, "m.ts": `export const x = "X";` },
    edits: [["mod.ts", `export { x } from "./m.ts";`, `export * from "./m.ts";`]],
    is: "cached",
  },
  "data files that change places": {
    top: `import train from "./1.json" with { type: "json" };
import test from "./2.json" with { type: "json" };`,
    body: `step("told", (_) => _.log(JSON.stringify([train, test])));`,
    more: { "1.json": "1", "2.json": "2" },
    edits: [["p.ts", "./1.json", "./3.json"], ["3.json", "", "2"], [
      "p.ts",
      "./2.json",
      "./1.json",
    ]],
    is: "ran",
  },
  "a namespace whose exports change places": {
    top: `import * as m from "./m.ts";`,
    body: `step("told", (_) => _.log(m.x + m.y));`,
    more: { "m.ts": `const a = "A", b = "B"; export { a as x, b as y };` },
    edits: [["m.ts", "a as x, b as y", "b as x, a as y"]],
    is: "ran",
  },
  "the order of effects in a module": {
    top: `import { CFG } from "./m.ts";`,
    body: `step("told", (_) => _.log(String(CFG.x)));`,
    more: { "m.ts": `export const CFG = { x: 0 };\nCFG.x = 1;\nCFG.x = 2;` },
    edits: [["m.ts", "CFG.x = 1;\nCFG.x = 2;", "CFG.x = 2;\nCFG.x = 1;"]],
    is: "ran",
  },
  "the order of effects in the wiring": {
    top: `const CFG = { x: 0 };`,
    body: `CFG.x = 1;\nCFG.x = 2;\nstep("told", (_) => _.log(String(CFG.x)));`,
    edits: [["p.ts", "CFG.x = 1;\nCFG.x = 2;", "CFG.x = 2;\nCFG.x = 1;"]],
    is: "ran",
  },
  "an effect of a barrel": {
    top: `import { get } from "./mod.ts";`,
    body: `step("told", (_) => _.log(String(get())));`,
    more: {
      "mod.ts": `import { CFG } from "./m.ts"; export { get } from "./m.ts"; CFG.x = 1;`,
      "m.ts": `export const CFG = { x: 0 }; export const get = () => CFG.x;`,
    },
    edits: [["mod.ts", "CFG.x = 1", "CFG.x = 2"]],
    is: "ran",
  },
  "a module that a barrel imports for its effect": {
    top: `import { get } from "./mod.ts";`,
    body: `step("told", (_) => _.log(String(get())));`,
    more: {
      "mod.ts": `export { get } from "./m.ts"; import "./register.ts";`,
      "register.ts": `import { CFG } from "./m.ts"; CFG.x = 1;`,
      "m.ts": `export const CFG = { x: 0 }; export const get = () => CFG.x;`,
    },
    edits: [["register.ts", "CFG.x = 1", "CFG.x = 2"]],
    is: "ran",
  },
  "an effect of a module of which the step uses no name": {
    top: `import { CFG } from "./m.ts"; import { name } from "./side.ts";`,
    body:
      `const other = step("other", () => name); step("told", (_) => _.log(String(CFG.x))); void other;`,
    more: {
      "m.ts": `export const CFG = { x: 0 };`,
      "side.ts": `import { CFG } from "./m.ts"; CFG.x = 1; export const name = "side";`,
    },
    edits: [["side.ts", "CFG.x = 1", "CFG.x = 2"]],
    is: "ran",
  },
  "the order in which modules have their effects": {
    top: `import "./a.ts";\nimport "./b.ts";\nimport { CFG } from "./m.ts";`,
    body: `step("told", (_) => _.log(String(CFG.x)));`,
    more: {
      "m.ts": `export const CFG = { x: 0 };`,
      "a.ts": `import { CFG } from "./m.ts"; CFG.x = 1;`,
      "b.ts": `import { CFG } from "./m.ts"; CFG.x = 2;`,
    },
    edits: [["p.ts", `import "./a.ts";\nimport "./b.ts";`, `import "./b.ts";\nimport "./a.ts";`]],
    is: "ran",
  },
  "a value that is read before or after an effect elsewhere": {
    top: `import "./set.ts";\nimport { seen } from "./seen.ts";`,
    body: `step("told", (_) => _.log(String(seen)));`,
    more: {
      "m.ts": `export const CFG = { x: 0 };`,
      "set.ts": `import { CFG } from "./m.ts"; CFG.x = 1;`,
      "seen.ts": `import { CFG } from "./m.ts"; export const seen = CFG.x;`,
    },
    edits: [[
      "p.ts",
      `import "./set.ts";\nimport { seen } from "./seen.ts";`,
      `import { seen } from "./seen.ts";\nimport "./set.ts";`,
    ]],
    is: "ran",
  },
  "what a call at the top does": {
    top: `import { add, all } from "./m.ts"; const first = add("a"); void first;`,
    body: `step("told", (_) => _.log(all.join()));`,
    more: {
      "m.ts":
        `export const all: string[] = []; export function add(x: string) { all.push(x); return x; }`,
    },
    edits: [["p.ts", `add("a")`, `add("b")`]],
    is: "ran",
  },
  "a call at the top that does nothing else": {
    top: `import { double } from "./m.ts"; const first = double(1); void first;`,
    body: `step("told", (_) => _.log("told"));`,
    more: {
      "m.ts":
        `export function double(x: number) { const all = []; for (let i = 0; i < 2; i++) all.push(x); return all; }`,
    },
    edits: [["p.ts", `double(1)`, `double(2)`]],
    is: "cached",
  },
  "a schema of parameters": {
    top: `const shape = z.object({ a: z.number().min(1).default(2) }).describe("one"); void shape;`,
    body: `step("told", (_) => _.log("told"));`,
    edits: [["p.ts", `describe("one")`, `describe("two")`]],
    is: "cached",
  },
  "a mutable variable of a module": {
    top: `let n = 1; n = 2; const seen = n;`,
    body: `step("told", (_) => _.log(String(seen)));`,
    edits: [["p.ts", "n = 2; const seen = n;", "const seen = n; n = 2;"]],
    is: "ran",
  },
  "a name of a block that hides an import": {
    top: `import { x } from "./m.ts";`,
    body: `step("told", (_) => { { const x = "inner"; void x; } _.log(x); });`,
    more: { "m.ts": `export const x = "X";` },
    edits: [["m.ts", `"X"`, `"Y"`]],
    is: "ran",
  },
  "an import that a parameter hides": {
    top: `import { x } from "./m.ts"; void x;`,
    body:
      `const five = step("five", () => 5); step("told", { five }, ({ five: x }, _) => _.log(String(x)));`,
    more: { "m.ts": `export const x = "X";` },
    edits: [["m.ts", `"X"`, `"Y"`]],
    is: "cached",
  },
  "a component": {
    top: `import { page } from "./page.tsx";`,
    body: `step("told", (_) => _.log(JSON.stringify(page())));`,
    more: {
      "page.tsx": `/** @jsx h */
import { h } from "./h.ts";
import { Title } from "./title.tsx";
export const page = () => <Title/>;`,
      "h.ts": `export const h = (f: (() => unknown) | string) => typeof f === "string" ? f : f();
declare global { namespace JSX { interface IntrinsicElements { b: unknown; i: unknown } } }`,
      "title.tsx": `/** @jsx h */
import { h } from "./h.ts";
export const Title = () => <b/>;`,
    },
    edits: [["title.tsx", "<b/>", "<i/>"]],
    is: "ran",
  },
  "what makes elements of a component": {
    top: `import { page } from "./page.tsx";`,
    body: `step("told", (_) => _.log(JSON.stringify(page())));`,
    more: {
      "page.tsx": `/** @jsx h */\nimport { h } from "./h.ts";\nexport const page = () => <b/>;`,
      "h.ts": `export const h = (f: string) => "one " + f;
declare global { namespace JSX { interface IntrinsicElements { b: unknown; i: unknown } } }`,
    },
    edits: [["h.ts", "one", "two"]],
    is: "ran",
  },
  "the items of a fan-out that are functions": {
    top: `const items = [{ name: "a", f: () => 1 }];`,
    body:
      `const all = each("all", items, (item) => item.f()); step("told", { all }, ({ all }, _) => _.log(String(all)));`,
    edits: [["p.ts", "() => 1", "() => 2"]],
    is: "ran",
  },
  "a step of a wiring function that is declared before": {
    top: `const build = ({ step }: { step: any }) => { step("told", (_: any) => _.log("one")); };`,
    body: ``,
    edits: [["p.ts", `"one"`, `"two"`]],
    is: "ran",
  },
  "an unrelated step": {
    body: `step("other", () => 1); step("told", (_) => _.log("told"));`,
    edits: [["p.ts", "() => 1", "() => 2"]],
    is: "cached",
  },
  "what the wiring keeps for another step": {
    body: `const a = 1, b = 2; step("other", () => a); step("told", (_) => _.log(String(b)));`,
    edits: [["p.ts", "a = 1", "a = 3"]],
    is: "cached",
  },
};

function caseFiles({ top = "", body, more = {} }: Case): Files {
  const build = top.includes("const build") ? "build" : `({ step, each }) => {\n${body}\n}`;
  return {
    "p.ts": `${head}${top}
export default pipeline("p", { description: "", params: z.object({}) }, ${build});\n`,
    ...more,
  };
}

for (const [name, found] of Object.entries(cases)) {
  Deno.test(`contract: ${name}: ${found.is}`, async () => {
    await using versions = await Versions.create();
    const files = caseFiles(found);
    const before = await (await versions.load(files)).checked();
    const { told, units } = await (await versions.load(edited(files, found.edits))).checked();
    assertEquals(units.told, found.is);
    if (found.is === "cached") assertEquals(told, before.told);
    else if (!/schema/.test(name)) assert(told !== before.told, told);
  });
}
