/** Names of features, derived columns, and what fitted columns tell of theirs. */

import { assertEquals, assertThrows } from "@std/assert";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  clean,
  columnsOfState,
  type ColumnSpec,
  date,
  type DerivedSpec,
  difference,
  driftViews,
  featureColumns,
  featureIndices,
  featureSet,
  featuresWithGaps,
  fit,
  multiHot,
  number,
  oneHot,
  ratio,
  rowTransformer,
  sum,
  transform,
} from "../../src/features/mod.ts";
import { column } from "../../src/dataset/mod.ts";

const target = { column: "y", classes: ["a", "b"] };

Deno.test("names: those of an exported model's outputs are refused, with what to do", () => {
  for (const name of ["label", "prediction", "probability_a", "/x"]) {
    const error = assertThrows(
      () => featureSet({ target, columns: { [name]: number() } }),
      UsageError,
      `column "${name}"`,
    );
    assertEquals(error.next, "rename it in the table and in the feature set");
    assertThrows(
      () =>
        featureSet({
          target,
          columns: { a: number(), b: number() },
          derived: { [name]: ratio("a", "b") },
        }),
      UsageError,
    );
  }
});

Deno.test("names: two features of one name, or one named as an output, are refused by fit", () => {
  const fitted = (columns: Record<string, ColumnSpec>, cells: Record<string, string[]>) => {
    const set = featureSet({ target, columns });
    return fit(set, clean(set, { rows: 1, columns: cells }, { target: "none" }));
  };
  assertThrows(
    () => fitted({ a: oneHot(), a_b: number() }, { a: ["b"], a_b: ["1"] }),
    DataError,
    'feature "a_b" of column "a_b" is also one of column "a"',
  );
  assertThrows(
    () => fitted({ probability: oneHot() }, { probability: ["high"] }),
    DataError,
    'feature "probability_high" of column "probability" is what an exported model calls an output',
  );
});

const set = featureSet({
  target,
  columns: {
    debt: number({ missing: "keep" }),
    income: number({ min: 0, missing: "indicator" }),
    job: oneHot(),
    since: date({ parts: ["year"], keepMissing: true }),
  },
  derived: {
    share: ratio("debt", "income", { missing: "keep", cap: false }),
    left: difference("income", "debt"),
  },
});
const table = {
  rows: 4,
  columns: {
    debt: [10, 20, null, 5],
    income: [100, 0, 50, -1],
    job: ["x", "y", "x", "x"],
    since: ["2024-01-02", null, "2020-05-05", "2021-01-01"],
  },
};
const data = clean(set, table, { target: "none" });
const state = fit(set, data);

Deno.test("derived: computed of cleaned values; by zero and of missing is missing", () => {
  const matrix = transform(state, data);
  const [share] = featureIndices(state, "share");
  const [left] = featureIndices(state, "left");
  assertEquals([...column(matrix, share)], [Math.fround(0.1), NaN, NaN, NaN]);
  // The median of 90 and −20 stands in.
  assertEquals([...column(matrix, left)], [90, -20, 35, 35]);
  const row = new Float32Array(state.features.length);
  rowTransformer(state)([10, 100, "x", ""], row);
  assertEquals([row[share], row[left]], [Math.fround(0.1), 90]);
});

Deno.test("derived: of what is no declared number, or the wrong number of columns, is refused", () => {
  const columns = { a: number(), b: number(), c: oneHot() };
  const refused = (spec: DerivedSpec, message: string) =>
    assertThrows(() => featureSet({ target, columns, derived: { d: spec } }), UsageError, message);
  refused(ratio("a", "z"), 'needs "z", which is not declared as a number');
  refused(sum(["a", "c"]), 'needs "c"');
  refused(sum(["a"]), "a sum of 1 columns, wanted two or more");
  refused({ operation: "ratio", of: ["a", "b", "a"] }, "wanted two");
  refused(ratio("a", "b", { min: 2, max: 1 }), "range of derived column");
  assertThrows(
    () => featureSet({ target, columns, derived: { a: ratio("a", "b") } }),
    UsageError,
    'derived column "a" is a raw column too',
  );
});

Deno.test("names: features are found by raw column, derived column or their own name", () => {
  assertEquals(state.features, [
    ...["debt", "income", "income_missing", "job_x", "job_y", "since_year", "share", "left"],
  ]);
  assertEquals(featureIndices(state, "income"), [1, 2]);
  assertEquals(featureIndices(state, "job"), [3, 4]);
  assertEquals(featureIndices(state, "job_y"), [4]);
  assertEquals(featureIndices(state, "left"), [7]);
  assertEquals(featureIndices(state, "nothing"), []);
  assertEquals(featureColumns(state).slice(-2), ["share", "left"]);
  assertEquals(featuresWithGaps(state), ["debt", "since_year", "share"]);
});

Deno.test("fitted columns: cells are cleaned as their state tells", () => {
  const told = clean({ ...set, columns: columnsOfState(state) }, table, { target: "none" });
  assertEquals(told.columns, data.columns);
});

Deno.test("drift: numbers as they are, dates as days, items one by one", () => {
  const views = driftViews(set.columns, data);
  assertEquals(views.debt, { kind: "number", values: new Float32Array([10, 20, NaN, 5]) });
  assertEquals(views.since, {
    kind: "number",
    values: new Float32Array([19724, NaN, 18387, 18628]),
  });
  const lists = featureSet({ target, columns: { x: multiHot() } });
  const cells = { rows: 2, columns: { x: ["a,b", null] } };
  assertEquals(driftViews(lists.columns, clean(lists, cells, { target: "none" })).x, {
    kind: "category",
    codes: Int32Array.of(0, 1, -1),
    vocabulary: ["a", "b"],
    rows: Int32Array.of(0, 0, 1),
  });
});
