/** The same dirty table cleaned and encoded by pandas, NumPy and scikit-learn. */

import { assertEquals } from "@std/assert";
import {
  clean,
  type ColumnState,
  featureSet,
  fillWithinGroup,
  fit,
  multiHot,
  number,
  oneHot,
  ordinal,
  transform,
} from "../../src/features/mod.ts";
import { yearsAndMonths } from "../../pipelines/credit_score/years_and_months.ts";
import { column } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/dirty.json" with { type: "json" };

const set = featureSet({
  target: { column: "Score", classes: ["Poor", "Good"] },
  group: "Customer",
  columns: {
    Age: number({ min: 14, max: 100 }),
    Income: number({ min: 0 }),
    Zeros: number(),
    History: yearsAndMonths(),
    Mix: ordinal(["Bad", "Standard", "Good"], { missing: ["_"] }),
    Job: oneHot({ missing: ["_______"] }),
    Loans: multiHot({ conjunction: "and" }),
  },
});
const table = { rows: fixture.table.Age.length, columns: fixture.table };
const data = fillWithinGroup(clean(set, table, { target: "required" }));
const state = fit(set, data, Int32Array.from({ length: fixture.train }, (_, row) => row));

Deno.test("features: medians, caps and modes are those of NumPy and scikit-learn", () => {
  const learned = Object.fromEntries(
    state.columns.filter(({ kind }) => kind !== "multiHot").map((c) => [c.name, constants(c)]),
  );
  // Exact: both compute quantiles of the Float32 values in double and round once.
  assertEquals(learned, fixture.state);
});

Deno.test("features: the matrix is that of pandas and scikit-learn, unknown categories included", () => {
  const matrix = transform(state, data);
  assertEquals(state.features, fixture.names);
  fixture.matrix.forEach((expected, j) => {
    assertEquals([...column(matrix, j)], expected, state.features[j]);
  });
});

Deno.test("features: a fit looks at its own rows only", () => {
  const rows = Int32Array.from({ length: fixture.train }, (_, row) => row);
  const columns = Object.fromEntries(
    Object.entries(fixture.table).map(([name, cells]) => [name, cells.slice(0, fixture.train)]),
  );
  const alone = fillWithinGroup(
    clean(set, { rows: fixture.train, columns }, { target: "required" }),
  );
  assertEquals(fit(set, alone), fit(set, data, rows));
});

function constants(state: ColumnState): unknown {
  if ("median" in state) {
    return { median: state.median, lower: state.lower, upper: state.upper };
  }
  if (state.kind === "ordinal") return { mode: state.levels[state.mode] };
  if (state.kind === "oneHot") return { mode: state.categories[state.mode] };
  throw new TypeError(`no constants of ${state.kind}`);
}
