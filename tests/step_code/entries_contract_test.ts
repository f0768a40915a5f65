/** Entries of tables, and members of objects, of which steps of a library use some. */

import { assert, assertEquals } from "@std/assert";
import { type Edit, edited, type Files, Versions } from "./versions.ts";

const files: Files = {
  "p.ts": `import { pipeline } from "@pipeline";
import { z } from "zod";
import { wire } from "./lib.ts";
export default pipeline("p", {
  description: "", params: z.object({ winner: z.string().default("t"), kind: z.string().default("line") }),
}, (builder) => wire(builder));`,
  "lib.ts": `import { onlyMembers, stepFunction } from "@pipeline";
import { make } from "./kinds.ts";
import { task } from "./task.ts";
export const tried = stepFunction(import.meta.url, "tried",
  (_: object, { name, kind }: any) => ({ name, kind, value: make(kind)() }),
  { pick: ({ kind }) => [kind] });
export const chosen = stepFunction(import.meta.url, "chosen",
  ({ winner }: any, { all }: any) => all.find(({ name }: any) => name === winner));
export const again = stepFunction(import.meta.url, "again",
  (_: object, { best }: any) => make(best.kind)() + 100,
  { input: "best", pick: ({ kind }) => [kind] });
export const whole = stepFunction(import.meta.url, "whole", (_: object) => make("tree")() + make("line")());
export const scored = stepFunction(import.meta.url, "scored", ({ task }: any) => task.score());
export const drawn = stepFunction(import.meta.url, "drawn", ({ task }: any) => task.draw());
export const told = stepFunction(import.meta.url, "told",
  (_: object, given: any, { log }: any) => log(JSON.stringify(given)));
export function wire({ step, each, params: { winner, kind } }: any) {
  const all = each("try", [{ name: "t", kind: "tree" }, { name: "l", kind }], {}, tried({}));
  const best = step("best", { all }, chosen({ winner }));
  const fitted = step("again", { best }, again({}));
  const score = step("score", {}, scored({ task: onlyMembers(task, "score") }));
  const draw = step("draw", {}, drawn({ task: onlyMembers(task, "draw") }));
  const every = step("whole", {}, whole({}));
  step("tell", { fitted, all, score, draw, every }, told({}));
}`,
  "kinds.ts": `import { line } from "./line.ts";
import { tree } from "./tree.ts";
const kinds: any = { tree, line: () => line() };
export const make = (kind: string) => (/* @__CHOSEN__ */ kinds)[kind];`,
  "tree.ts": `import { grow } from "./grow.ts";
export const tree = () => grow() + 1;`,
  "grow.ts": `export const grow = () => 10;`,
  "line.ts": `export const line = () => 20;`,
  "task.ts": `import { base } from "./base.ts";
import { curve } from "./curve.ts";
export const task = { ...base, module: import.meta.url, name: "task", draw: () => curve() };`,
  "base.ts": `import { gini } from "./gini.ts";
export const base = { score: () => gini(), draw: () => 0 };`,
  "curve.ts": `export const curve = () => 5;`,
  "gini.ts": `export const gini = () => 6;`,
};

const all = ["again", "draw", "score", "try[l]", "try[t]", "whole"];
const fits = ["again", "try[l]", "try[t]", "whole"];

/** What an edit runs again, for `files` after some other edits. */
const cases: Record<string, { edits: readonly Edit[]; runs: readonly string[]; from?: Edit[] }> = {
  "an entry": { edits: [["line.ts", "20", "21"]], runs: ["try[l]", "whole"] },
  "an entry that the input chooses": {
    edits: [["tree.ts", "+ 1", "+ 2"]],
    runs: ["again", "try[t]", "whole"],
  },
  "a helper of an entry": {
    edits: [["grow.ts", "10", "11"]],
    runs: ["again", "try[t]", "whole"],
  },
  "a comment in an entry": { edits: [["tree.ts", "export", "// Grows.\nexport"]], runs: [] },
  "the text of an entry": {
    edits: [["kinds.ts", "() => line()", "() => line() * 2"]],
    runs: ["try[l]", "whole"],
  },
  "an entry that leads elsewhere": {
    edits: [["kinds.ts", `{ line } from "./line.ts"`, `{ grow as line } from "./grow.ts"`]],
    runs: ["try[l]", "whole"],
  },
  "entries that are swapped": {
    edits: [["kinds.ts", "{ tree, line: () => line() }", "{ tree: () => line(), line: tree }"]],
    runs: fits,
  },
  "another entry": { edits: [["kinds.ts", "{ tree,", "{ bush: () => 1, tree,"]], runs: ["whole"] },
  "who chooses": {
    edits: [["kinds.ts", "(kind: string) => (", "(kind: string) => (void 0, "]],
    runs: fits,
  },
  "a table without the mark": {
    from: [["kinds.ts", "/* @__CHOSEN__ */ ", ""]],
    edits: [["line.ts", "20", "21"]],
    runs: fits,
  },
  "a table with what is not written out": {
    from: [["kinds.ts", "{ tree,", "{ ...[], tree,"]],
    edits: [["line.ts", "20", "21"]],
    runs: fits,
  },
  "a table that uses itself": {
    from: [[
      "kinds.ts",
      "line: () => line()",
      "get line() { const n = Object.keys(this).length; return () => line() + n; }",
    ]],
    edits: [["line.ts", "20", "21"]],
    runs: fits,
  },
  "a table with computed keys": {
    from: [["kinds.ts", "line: () => line()", `["li" + "ne"]: () => line()`]],
    edits: [["line.ts", "20", "21"]],
    runs: fits,
  },
  "a table that gets another value": {
    from: [[
      "kinds.ts",
      "const kinds: any",
      "export const swap = () => kinds = {}; let kinds: any",
    ]],
    edits: [["line.ts", "20", "21"]],
    runs: fits,
  },
  "a table that is changed when it is loaded": {
    from: [["kinds.ts", "export const make", "kinds.tree = () => line();\nexport const make"]],
    edits: [["line.ts", "20", "21"]],
    runs: [...all, "best", "tell"].sort(),
  },
  "a choice that no table has": {
    from: [
      ["p.ts", `default("line")`, `default("lime")`],
      ["kinds.ts", "kinds)[kind]", `kinds)[kind === "lime" ? "line" : kind]`],
    ],
    edits: [["line.ts", "20", "21"]],
    runs: ["try[l]", "whole"],
  },
  "who says what is chosen": {
    edits: [[
      "lib.ts",
      `({ kind }) => [kind] });\nexport const chosen`,
      `({ kind }) => [kind, "tree"] });\nexport const chosen`,
    ]],
    runs: ["try[l]", "try[t]"],
  },
  "a member": { edits: [["curve.ts", "5", "7"]], runs: ["draw"] },
  "a member of what is spread": { edits: [["gini.ts", "6", "7"]], runs: ["score"] },
  "a member that is overridden": {
    edits: [["base.ts", "draw: () => 0", "draw: () => 1"]],
    runs: [],
  },
  "a member that overrides": {
    edits: [["task.ts", "draw:", "score: () => 9, draw:"]],
    runs: ["score"],
  },
  "a spread that overrides": {
    edits: [["task.ts", "draw: () => curve() }", "draw: () => curve(), ...base }"]],
    runs: ["draw", "score"],
  },
  "a member of what a call gave": {
    from: [[
      "base.ts",
      "{ score: () => gini(), draw: () => 0 }",
      "Object.fromEntries([['score', () => gini()]]) as any",
    ]],
    edits: [["curve.ts", "5", "7"]],
    runs: [...all, "best", "tell"].sort(),
  },
};

for (const [name, { edits, runs, from = [] }] of Object.entries(cases)) {
  Deno.test(`entries: ${name}`, async () => {
    await using versions = await Versions.create();
    const before = edited(files, from);
    await (await versions.load(before)).run();
    const { units } = await (await versions.load(edited(before, edits))).checked();
    const ran = Object.entries(units).filter(([, status]) => status !== "cached")
      .map(([unit]) => unit).filter((unit) => runs.includes(unit) || all.includes(unit));
    assertEquals(ran.sort(), [...runs].sort());
  });
}

Deno.test("entries: what an input chooses is looked at again when it comes out differently", async () => {
  await using versions = await Versions.create();
  const first = await versions.load(files);
  await first.run();
  const other = await first.checked({ winner: "l" });
  assert(other.units.again !== "cached");
  // Now the line counts for it, and the tree does not.
  const tree = await versions.load(edited(files, [["tree.ts", "+ 1", "+ 2"]]));
  assertEquals((await tree.checked({ winner: "l" })).units.again, "cached");
  const line = await versions.load(edited(files, [["line.ts", "20", "21"]]));
  assert((await line.checked({ winner: "l" })).units.again !== "cached");
});

Deno.test("entries: a plan tells what is sure to run before an input is there", async () => {
  await using versions = await Versions.create();
  await (await versions.load(files)).run();
  const tree = await (await versions.load(edited(files, [["tree.ts", "+ 1", "+ 2"]]))).plan();
  assertEquals([tree["try[t]"], tree["try[l]"], tree.again], ["RUN", "CACHED", "RUN"]);
  const line = await (await versions.load(edited(files, [["line.ts", "20", "21"]]))).plan();
  assertEquals([line["try[t]"], line["try[l]"], line.again], ["CACHED", "RUN", "MAYBE"]);
});
