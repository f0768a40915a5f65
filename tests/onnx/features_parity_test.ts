/** Every kind of column inside the graph against the native transform, on raw cells. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Cell,
  clean,
  type ColumnSpec,
  featureSet,
  fillWithinGroup,
  fit,
  multiHot,
  number,
  oneHot,
  ordinal,
  type Table,
  transform,
} from "../../src/features/mod.ts";
import { yearsAndMonths } from "../../pipelines/credit_score/years_and_months.ts";
import { onnxInputs } from "../../src/onnx_runtime/mod.ts";
import { column } from "../../src/dataset/mod.ts";
import { byRow, featureSession, rawFeeds } from "./feature_session.ts";

const target = { column: "y", classes: ["a", "b"] };

const kinds: { name: string; spec: ColumnSpec; train: Cell[]; fresh: Cell[] }[] = [
  {
    name: "number with range and caps",
    spec: number({ min: 0.1, max: 99.7 }),
    train: [0.1, 10.3, 20.7, 30.1, 99.7],
    fresh: [
      ...[0.1, 99.7, 0.0999, 99.71, -500, NaN, null, Infinity, -Infinity, 50, 0],
      3e38,
      1e-45,
    ],
  },
  {
    name: "number without range or caps",
    spec: number({ cap: false }),
    train: [1, 2, 3],
    fresh: [3.4e38, -3.4e38, 1e39, -1e39, NaN, Infinity, -0, 0.1],
  },
  {
    name: "years and months",
    spec: yearsAndMonths({ min: 1, max: 600, cap: false }),
    train: ["22 Years and 1 Months", "1 Years and 0 Months", "10 Years and 11 Months"],
    fresh: [
      ...["22 Years and 1 Months", "1 Year and 1 Month", "0 Years and 0 Months", "NA", "", "nan"],
      ...[
        "None",
        null,
        "1 Years and 12 Months",
        "999 Years and 11 Months",
        "22 years and 1 months",
      ],
      ...["22  Years and 1 Months", "22 Years and 1 Months ", " 22 Years and 1 Months", "-1 Years"],
      ...["22 Years and 1 Months\n", "٢٢ Years and 1 Months", "Years and Months", "2 Years", "22"],
    ],
  },
  {
    name: "ordinal",
    spec: ordinal(["Bad", "Standard", "Good"], { missing: ["_"] }),
    train: ["Good", "Good", "Bad"],
    fresh: ["Bad", "Standard", "Good", "_", "", "Great", "good", "NA", null, " Good", "None", "😀"],
  },
  {
    name: "ordinal whose levels hold a missing text",
    spec: ordinal(["None", "Some"]),
    train: ["Some", "None"],
    fresh: ["None", "Some", ""],
  },
  {
    name: "one-hot",
    spec: oneHot({ missing: ["_______"] }),
    train: ["Lawyer", "Doctor", "Lawyer", "Écrivain", "!@9#%8", "a,b"],
    fresh: [
      ...["Lawyer", "Doctor", "Écrivain", "!@9#%8", "a,b", "_______", "", "nan", "None", null],
      ...["lawyer", "Astronaut", " Lawyer", "______", "😀", "3"],
    ],
  },
  {
    name: "multi-hot",
    spec: multiHot({ missing: ["-"], conjunction: "and" }),
    train: ["Auto Loan, Payday Loan, and Home Equity Loan", "and and X, Y Loan"],
    fresh: [
      ...["Auto Loan", "Auto Loan, and Auto Loan", "", "-", "nan", null, ",", ",,,", "Unknown"],
      ...["Payday Loan,Auto Loan", " Auto Loan", "  Auto Loan", "and Auto Loan", " and  Auto Loan"],
      ...["and X", "and and X", " and and X", "X", "Auto Loan, -, nan,, Auto Loan", "Auto Loan ,"],
      "and ",
    ],
  },
  {
    name: "multi-hot with a long separator",
    spec: multiHot({ separator: " | " }),
    train: ["a | b", "c"],
    fresh: ["a | b | a", "a|b", "c", " | ", "a |  | b", "b | z"],
  },
  {
    name: "multi-hot whose separator is in a usual missing text",
    spec: multiHot({ separator: "/" }),
    train: ["N/B", "A"],
    fresh: ["N/A", "B", "A/N/A", "NA"],
  },
];

for (const { name, spec, train, fresh } of kinds) {
  Deno.test(`features in the graph: ${name}`, async () => {
    const set = featureSet({ target, columns: { x: spec } });
    const table = (cells: Cell[]) => ({ rows: cells.length, columns: { x: cells } });
    const state = fit(set, clean(set, table(train), { target: "none" }));
    const run = await featureSession(state);
    // All rows at once, then each alone: a batch decides how far texts are split.
    for (const cells of [fresh, train, ...[...fresh, ...train].map((cell) => [cell])]) {
      const data = clean(set, table(cells), { target: "none" });
      const native = transform(state, data);
      const expected = state.features.map((_, j) => [...column(native, j)]);
      const feeds = rawFeeds(state, table(cells));
      assertEquals(await run(feeds), expected, JSON.stringify(cells));
      assertEquals(byRow(state, feeds), expected, JSON.stringify(cells));
      assertEquals(await run(onnxInputs(state, data)), expected, JSON.stringify(cells));
    }
  });
}

Deno.test("features in the graph: random tables of all kinds, filled within groups", async () => {
  const set = featureSet({
    target,
    group: "g",
    columns: {
      loans: multiHot({ conjunction: "and" }),
      age: number({ min: 14, max: 100 }),
      job: oneHot({ missing: ["_"] }),
      history: yearsAndMonths(),
      mix: ordinal(["Bad", "Good"]),
      debt: number(),
    },
  });
  const train: Table = {
    rows: 4,
    columns: {
      loans: ["Auto, and Home", "Home", "", "Payday"],
      age: [20, 30, 40, 50],
      job: ["Cook", "Smith", "Cook", "_"],
      history: ["1 Years and 2 Months", "5 Years and 0 Months", "NA", "9 Years and 9 Months"],
      mix: ["Bad", "Good", "Good", "Good"],
      debt: [0.1, 0.2, 0.3, 0.4],
    },
  };
  const state = fit(set, clean(set, train, { target: "none" }));
  const run = await featureSession(state);
  const missing = fc.constantFrom(null, "", "nan", "None", "_");
  const piece = fc.constantFrom(...["Auto", "Home", " and Home", " Payday", "and ", "", "Boat"]);
  const row = fc.record({
    g: fc.constantFrom("p", "q", null),
    loans: fc.oneof(missing, fc.array(piece, { maxLength: 6 }).map((p) => p.join(","))),
    age: fc.oneof(fc.constant(null), fc.float()),
    job: fc.oneof(missing, fc.constantFrom("Cook", "Smith"), fc.string({ unit: "grapheme" })),
    history: fc.oneof(
      missing,
      fc.tuple(fc.nat(1200), fc.nat(13)).map(([y, m]) => `${y} Years and ${m} Months`),
    ),
    mix: fc.oneof(missing, fc.constantFrom("Bad", "Good", "Great")),
    debt: fc.oneof(fc.constant(null), fc.double()),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
      const names = Object.keys(rows[0]) as (keyof typeof rows[0])[];
      const columns = Object.fromEntries(names.map((name) => [name, rows.map((r) => r[name])]));
      const table: Table = { rows: rows.length, columns };
      const data = clean(set, table, { target: "none" });
      const values = (d: typeof data) => {
        const matrix = transform(state, d);
        return state.features.map((_, j) => [...column(matrix, j)]);
      };
      assertEquals(await run(rawFeeds(state, table)), values(data));
      const filled = fillWithinGroup(data);
      assertEquals(await run(onnxInputs(state, filled)), values(filled));
      const picked = Int32Array.of(rows.length - 1, 0, rows.length - 1);
      const matrix = transform(state, filled, picked);
      assertEquals(
        await run(onnxInputs(state, filled, picked)),
        state.features.map((_, j) => [...column(matrix, j)]),
      );
    }),
    { numRuns: 300 },
  );
});
