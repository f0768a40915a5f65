/** The contract of the cache for single edits: this one runs the last step again, that one does not. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, head, Versions } from "./versions.ts";

/** An edit of a pipeline whose last step tells its result. */
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
