import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  clean,
  featureSet,
  fillWithinGroup,
  fit,
  inputSchema,
  itemOf,
  multiHot,
  number,
  oneHot,
  ordinal,
  patternOf,
  piecesOf,
  transform,
} from "../../src/features/mod.ts";
import { yearsAndMonths } from "../../pipelines/credit_score/years_and_months.ts";
import { row } from "../../src/dataset/mod.ts";

const target = { column: "Score", classes: ["Poor", "Good"] };

Deno.test("transform: rows come in the order asked for and may repeat", () => {
  const set = featureSet({ target, columns: { x: number({ cap: false }), c: oneHot() } });
  const table = { rows: 3, columns: { x: [1, 2, 3], c: ["b", "a", "b"] } };
  const data = clean(set, table, { target: "none" });
  const matrix = transform(fit(set, data), data, Int32Array.of(2, 1, 2));
  assertEquals([0, 1, 2].map((i) => [...row(matrix, i)]), [[3, 0, 1], [2, 1, 0], [3, 0, 1]]);
});

Deno.test("transform: imputes, then caps; a column that is nearly constant is not capped", () => {
  const set = featureSet({ target, columns: { x: number(), rare: number() } });
  const columns = { x: [1, 2, 3, 4, 1000, null], rare: [0, 0, 0, 0, 0, 9] };
  const data = clean(set, { rows: 6, columns }, { target: "none" });
  const state = fit(set, data);
  // Quartiles 2 and 4: fences at -1 and 7.
  assertEquals([...transform(state, data).data], [1, 2, 3, 4, 7, 3, 0, 0, 0, 0, 0, 9]);
});

Deno.test("transform: unknown categories set nothing, missing ones the mode", () => {
  const set = featureSet({
    target,
    columns: { c: oneHot(), o: ordinal(["lo", "hi"]), l: multiHot({ separator: ";" }) },
  });
  const seen = {
    rows: 3,
    columns: { c: ["b", "b", "a"], o: ["hi", "hi", "lo"], l: ["x;y", "x", null] },
  };
  const state = fit(set, clean(set, seen, { target: "none" }));
  assertEquals(state.features, ["c_a", "c_b", "o", "l_x", "l_y"]);
  const fresh = { rows: 2, columns: { c: ["z", null], o: ["zz", null], l: ["z;y;y", null] } };
  const matrix = transform(state, clean(set, fresh, { target: "none" }));
  assertEquals([...row(matrix, 0)], [0, 0, 1, 0, 2]);
  assertEquals([...row(matrix, 1)], [0, 1, 1, 0, 0]);
});

Deno.test("fillWithinGroup: earlier rows first, later ones else, other groups never", () => {
  const set = featureSet({
    target,
    group: "g",
    columns: { x: number(), c: oneHot(), l: multiHot({ conjunction: "and" }) },
  });
  const table = {
    rows: 6,
    columns: {
      g: ["a", "b", "a", "a", "b", "a"],
      x: [null, null, 1, null, null, 2],
      c: ["p", null, null, "q", "r", null],
      l: [null, "u", "v", null, null, "w"],
    },
  };
  const data = clean(set, table, { target: "none" });
  const filled = fillWithinGroup(data);
  const { x, c, l } = filled.columns;
  assertEquals(x.kind === "numbers" && [...x.values], [1, NaN, 1, 1, NaN, 2]);
  assertEquals(c.kind === "texts" && Array.from(c.codes, (k) => c.vocabulary[k]), [
    ..."prpqrq",
  ]);
  assertEquals(l.kind === "lists" && [...l.codes], [1, 0, 1, 1, 0, 2]);
  const before = data.columns.x;
  assertEquals(before.kind === "numbers" && [...before.values], [NaN, NaN, 1, NaN, NaN, 2]);
});

Deno.test("fit: the state survives JSON and a thread border", () => {
  const set = featureSet({ target, columns: { x: number({ min: 0.1 }), c: oneHot() } });
  const data = clean(set, { rows: 2, columns: { x: [1.3, 5], c: ["b", "a"] } }, { target: "none" });
  const state = fit(set, data);
  const copy = JSON.parse(JSON.stringify(state));
  assertEquals(copy, state);
  assertEquals(transform(copy, structuredClone(data)), transform(state, data));
});

Deno.test("inputSchema: tells what a request may send", () => {
  const set = featureSet({
    target,
    columns: {
      Age: number({ min: 14, max: 100, description: "years" }),
      History: yearsAndMonths(),
      Mix: ordinal(["Bad", "Good"]),
      Job: oneHot({ description: "occupation" }),
      Loans: multiHot({ conjunction: "and" }),
    },
  });
  const columns = {
    Age: [20],
    History: ["1 Years and 0 Months"],
    Mix: ["Bad"],
    Job: ["Cook"],
    Loans: ["Auto"],
  };
  const schema = inputSchema(fit(set, clean(set, { rows: 1, columns }, { target: "none" })));
  assertEquals(schema, [
    { name: "Age", kind: "number", required: false, min: 14, max: 100, description: "years" },
    {
      name: "History",
      kind: "text",
      required: false,
      description: 'written as "22 Years and 1 Months"',
    },
    { name: "Mix", kind: "text", required: false, categories: ["Bad", "Good"] },
    {
      name: "Job",
      kind: "text",
      required: false,
      categories: ["Cook"],
      description: "occupation",
    },
    {
      name: "Loans",
      kind: "text",
      required: false,
      description: 'items separated by ",": Auto',
    },
  ]);
});

Deno.test("piecesOf: exactly the pieces that itemOf reads as the item", () => {
  const word = fc.array(fc.constantFrom(" ", "and ", "and", "X"), { maxLength: 5 })
    .map((parts) => parts.join(""));
  fc.assert(fc.property(word, word, (piece, item) => {
    for (const conjunction of ["and", null]) {
      const expected = piece !== "" && itemOf(piece, conjunction) === item;
      assertEquals(piecesOf(item, [""], conjunction).includes(piece), expected);
    }
  }));
});

Deno.test("patternOf: writes what it parses, for every number of months", () => {
  const { parse, write } = patternOf(yearsAndMonths());
  for (let months = 0; months < 12_000; months++) assertEquals(parse(write(months)), months);
});
