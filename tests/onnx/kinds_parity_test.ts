/** Each kind of column with each of its options: native, by row and in the graph, bit for bit. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  binned,
  boolean,
  type Cell,
  clean,
  type ColumnSpec,
  date,
  type DerivedSpec,
  difference,
  featureSet,
  type FeatureState,
  fit,
  kindNames,
  kindOf,
  multiHot,
  number,
  type NumberOptions,
  oneHot,
  ordinal,
  pattern,
  product,
  ratio,
  sum,
  targetEncoding,
  transform,
  weightOfEvidence,
} from "../../src/features/mod.ts";
import type { ModelColumns } from "../../src/onnx/session.ts";
import { column } from "../../src/table/mod.ts";
import { byRow, featureSession } from "./feature_session.ts";

const numbers: Cell[] = [0, 0.1, 3, 7.7, 1e6, 2.5, null, 1, 12, -4, "40", "_"];
const texts: Cell[] = ["a", "b", "a", "c", "", "a", "b", "a", "dé", "a", "b", null];
const codes: Cell[] = [7, "7", "7.0", 8, null, -1, "8", "08", "9.5", 7, 8, 9];
const dates: Cell[] = [
  ...["2024-02-29", "2023-12-31T23:59:59.5Z", "1999-01-01 08:30", "2000-03-01", null, "x"],
  ...["2024-01-31", "2016-02-28", "1970-01-01", "0400-02-29", "2021-07-04T12:00", "2024-12-31"],
];
const times: Cell[] = [
  "1:30",
  "0:00",
  "23:59",
  "7:05",
  null,
  "?",
  "1:1",
  "9:59",
  "8:60",
  "2:02",
  "",
  "5:5",
];
const clock = {
  format: "{}:{}",
  separator: ":",
  parts: [{ weight: 60, digits: "[0-9]{1,2}" }, { weight: 1, digits: "[0-5]?[0-9]" }],
  example: "7:30",
};
const numeric: NumberOptions[] = [
  { missing: "keep" },
  { missing: "indicator", scale: "standard" },
  { min: 0, max: 100, outside: "clip", scale: "minmax", cap: false },
  { log1p: true },
  { log1p: true, scale: "robust", missing: "keep" },
  { min: 0.1, max: 7.7, outside: "clip", log1p: true, missing: "indicator", scale: "standard" },
];

const cases: [name: string, spec: ColumnSpec, cells: Cell[]][] = [
  ...numeric.flatMap((options): [string, ColumnSpec, Cell[]][] => [
    [`number ${JSON.stringify(options)}`, number(options), numbers],
    [`pattern ${JSON.stringify(options)}`, pattern({ ...clock, ...options }), times],
  ]),
  ["number", number(), numbers],
  ["binned ordinal", binned({ bins: 3 }), numbers],
  ["binned one-hot", binned({ edges: [0, 0.1, 7.7], encode: "oneHot", max: 1000 }), numbers],
  ["weights of evidence", weightOfEvidence({ bins: 4, min: -3 }), numbers],
  ["boolean", boolean(), ["true", "no", 1, 0, null, "1.0", "maybe", "T", "F", "yes", "y", "n"]],
  ["boolean kept", boolean({ keepMissing: true }), [
    "true",
    "no",
    1,
    0,
    null,
    "?",
    "",
    "T",
    "F",
    1,
    1,
    0,
  ]],
  ["boolean of two words", boolean({ yes: ["ja"], no: ["nein", "-"], missing: ["?"] }), [
    ...["ja", "nein", "-", "?", "x", null, "ja", "ja", "nein", "", "ja", "ja"],
  ]],
  ["ordinal", ordinal(["c", "b", "a"]), texts],
  ["ordinal of codes", ordinal(["7", "8", "9"], { missing: ["-1"] }), codes],
  ["one-hot", oneHot(), texts],
  ["one-hot with missing", oneHot({ missing: "category", markers: ["c"] }), texts],
  ["one-hot with others", oneHot({ minCount: 2, other: true }), texts],
  ["one-hot with all", oneHot({ minCount: 3, other: true, missing: "category" }), texts],
  ["one-hot of codes", oneHot({ missing: ["-1"] }), codes],
  ["multi-hot", multiHot({ separator: "-" }), [...dates]],
  ["target encoding", targetEncoding(), texts],
  ["target encoding of codes", targetEncoding({ smoothing: 0, missing: ["-1"] }), codes],
  ["date parts", date({ parts: ["year", "month", "day", "weekday", "dayOfYear", "hour"] }), dates],
  ["date of hours", date({ parts: ["hour"], keepMissing: true }), dates],
  ["age in days", date({ age: { at: "2024-06-01" }, missing: ["1970-01-01"] }), dates],
  ["age in years", date({ parts: ["weekday"], age: { at: "2024-06-01", unit: "years" } }), dates],
  ["age in months", date({ age: { at: "2000-01-01", unit: "months" }, keepMissing: true }), dates],
];

const y = ["no", "yes", "no", "yes", "yes", "no", "yes", "no", "no", "yes", "yes", "no"];
const target = { column: "y", classes: ["no", "yes"] };

function fitted(spec: ColumnSpec, cells: Cell[], labels: string[] = y, classes = target.classes) {
  const set = featureSet({ target: { column: "y", classes }, columns: { x: spec } });
  const table = { rows: cells.length, columns: { x: cells, y: labels } };
  const data = clean(set, table, { target: "required" });
  return { set, data, state: fit(set, data) };
}

/** Everything that a column tells apart, and values such as a caller may send. */
function probes(state: FeatureState): (number | string)[] {
  return [...kindOf(state.columns[0]).borders(state.columns[0])];
}

async function assertAlike(
  run: Awaited<ReturnType<typeof featureSession>>,
  state: FeatureState,
  native: number[][],
  feeds: ModelColumns,
) {
  assertEquals(byRow(state, feeds), native);
  assertEquals(await run(feeds), native);
}

function feedsOf(values: readonly (number | string)[]): ModelColumns {
  return {
    x: typeof values[0] === "number" ? Float32Array.from(values as number[]) : values as string[],
  };
}

for (const [name, spec, cells] of cases) {
  Deno.test(`kinds in the graph: ${name}`, async () => {
    const { set, data, state } = fitted(spec, cells);
    const run = await featureSession(state);
    const check = async (values: (number | string)[]) => {
      const table = { rows: values.length, columns: { x: values } };
      const matrix = transform(state, clean(set, table, { target: "none", state }));
      await assertAlike(
        run,
        state,
        state.features.map((_, j) => [...column(matrix, j)]),
        feedsOf(values),
      );
    };
    const borders = probes(state);
    await check(borders);
    for (const value of borders) await check([value]);
    // Training rows as they would be fed again.
    const matrix = transform(state, data);
    const raw = kindOf(state.columns[0]).raw(
      state.columns[0],
      data.columns.x,
      Int32Array.from(data.labels!.keys()),
    );
    await assertAlike(run, state, state.features.map((_, j) => [...column(matrix, j)]), { x: raw });
    // Dirt of any form.
    const dirt: fc.Arbitrary<number | string> = typeof borders[0] === "number"
      ? fc.oneof(fc.float(), fc.constantFrom(...borders as number[]))
      : fc.oneof(
        fc.string(),
        fc.constantFrom(...borders as string[]),
        fc.integer({ min: -3, max: 12 }).map(String),
        fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
          .map((moment) => moment.toISOString()),
        fc.tuple(fc.nat(30), fc.nat(70)).map(([h, m]) => `${h}:${m}`),
      ).filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(
        fc.array(dirt, { minLength: 1, maxLength: 20 }),
        (values) => check(values),
      ),
      { numRuns: 60 },
    );
  });
}

Deno.test("kinds in the graph: every kind is tried", () => {
  const tried = new Set(cases.map(([, spec]) => spec.kind));
  assertEquals([...tried].sort(), [...kindNames].sort());
});

Deno.test("kinds in the graph: target encoding of three classes", async () => {
  const labels = ["p", "q", "r", "p", "q", "r", "p", "q", "r", "p", "p", "p"];
  const { set, state } = fitted(targetEncoding(), texts, labels, ["p", "q", "r"]);
  assertEquals(state.features, ["x_p", "x_q", "x_r"]);
  const run = await featureSession(state);
  const values = probes(state);
  const table = { rows: values.length, columns: { x: values } };
  const matrix = transform(state, clean(set, table, { target: "none" }));
  await assertAlike(
    run,
    state,
    state.features.map((_, j) => [...column(matrix, j)]),
    feedsOf(values),
  );
});

const derived: Record<string, DerivedSpec> = {
  ratio: ratio("a", "b", { missing: "keep" }),
  back: ratio("b", "a", { missing: "indicator", cap: false }),
  difference: difference("a", "b", { scale: "standard" }),
  product: product(["a", "b", "c"], { min: 0 }),
  sum: sum(["a", "b"], { log1p: true }),
};

Deno.test("kinds in the graph: derived columns of any numbers", async () => {
  const set = featureSet({
    target,
    columns: { a: number({ min: -10, max: 1e30 }), b: number(), c: number({ missing: "keep" }) },
    derived,
  });
  const train = {
    rows: 5,
    columns: { a: [1, 2, 3, 0, null], b: [2, 0, 5, -1, 4], c: [1, 1, 2, null, 3] },
  };
  const state = fit(set, clean(set, train, { target: "none" }));
  assertEquals(state.features, [
    ...["a", "b", "c", "ratio", "back", "back_missing", "difference", "product", "sum"],
  ]);
  const run = await featureSession(state);
  const value = fc.oneof(fc.float(), fc.constantFrom(0, -0, NaN, 1, -10, 3e38, 1e30, Infinity));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 }),
      async (rows) => {
        const columns = Object.fromEntries(
          ["a", "b", "c"].map((name, k) => [name, rows.map((row) => row[k])]),
        );
        const table = { rows: rows.length, columns };
        const matrix = transform(state, clean(set, table, { target: "none" }));
        const native = state.features.map((_, j) => [...column(matrix, j)]);
        const feeds = Object.fromEntries(
          Object.entries(columns).map(([name, cells]) => [name, Float32Array.from(cells)]),
        );
        await assertAlike(run, state, native, feeds);
      },
    ),
    { numRuns: 300 },
  );
});
