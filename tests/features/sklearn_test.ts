/** Columns encoded by scikit-learn, pandas and NumPy, and by us; see make_kinds_fixtures.py. */

import { assert, assertEquals } from "@std/assert";
import {
  binned,
  type Cell,
  clean,
  type ColumnSpec,
  date,
  featureSet,
  fit,
  number,
  targetEncoding,
  transform,
  weightOfEvidence,
} from "../../src/features/mod.ts";
import { column } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/kinds.json" with { type: "json" };

const train = Int32Array.from({ length: fixture.train }, (_, row) => row);

/** The features of all rows, learned from the first ones. */
function features(spec: ColumnSpec, cells: Cell[], y: string[] = fixture.labels): number[][] {
  const classes = [...new Set(y)].sort();
  const set = featureSet({ target: { column: "y", classes }, columns: { x: spec } });
  const data = clean(set, { rows: y.length, columns: { x: cells, y } }, { target: "required" });
  const matrix = transform(fit(set, data, train), data);
  return Array.from({ length: matrix.columns }, (_, j) => [...column(matrix, j)]);
}

/** They compute in Float64, we round to Float32 after each of a few operations. */
function assertNear(found: readonly number[], expected: readonly (number | null)[], what: string) {
  assertEquals(found.length, expected.length);
  const size = Math.max(...expected.map((value) => Math.abs(value ?? 0)));
  expected.forEach((wanted, row) => {
    const near = wanted === null
      ? Number.isNaN(found[row])
      : Math.abs(found[row] - wanted) <= 3e-7 * size;
    assert(near, `${what}, row ${row + 1}: ${found[row]}, wanted ${wanted}`);
  });
}

for (const scale of ["standard", "minmax", "robust"] as const) {
  Deno.test(`features: scaled as scikit-learn's ${scale} scaler`, () => {
    const [found] = features(number({ scale, cap: false, missing: "keep" }), fixture.gaps);
    assertNear(found, fixture[scale], scale);
  });
}

Deno.test("features: log1p as NumPy's", () => {
  const [found] = features(number({ log1p: true, cap: false, missing: "keep" }), fixture.gaps);
  assertNear(found, fixture.log1p, "log1p");
});

Deno.test("features: bins as scikit-learn's KBinsDiscretizer", () => {
  assertEquals(features(binned({ bins: fixture.bins }), fixture.numbers), [fixture.binned]);
  const flags = features(binned({ bins: fixture.bins, encode: "oneHot" }), fixture.numbers);
  fixture.binned.forEach((bin, row) => {
    assertEquals(flags.map((flag) => flag[row]), flags.map((_, k) => Number(k === bin)));
  });
});

Deno.test("features: encoded by classes and values as scikit-learn's TargetEncoder", () => {
  const spec = targetEncoding({ smoothing: 10 });
  features(spec, fixture.texts).forEach((found, k) =>
    assertNear(found, fixture.target[k], "two classes")
  );
  features(spec, fixture.texts, fixture.three).forEach((found, k) =>
    assertNear(found, fixture.target3[k], `class ${k}`)
  );
  const set = featureSet({ target: { column: "y", classes: ["a", "b"] }, columns: { x: spec } });
  const table = { rows: fixture.texts.length, columns: { x: fixture.texts } };
  const values = new Float64Array(new SharedArrayBuffer(8 * table.rows));
  values.set(fixture.values);
  const data = { ...clean(set, table, { target: "none" }), values };
  assertNear([...transform(fit(set, data, train), data).data], fixture.targetOfValues[0], "values");
});

Deno.test("features: weights of evidence as by hand in NumPy", () => {
  const { edges, values } = fixture.evidence;
  const spec = weightOfEvidence({ edges, smoothing: fixture.smoothing });
  assertNear(features(spec, fixture.gaps)[0], values, "evidence");
});

Deno.test("features: parts of dates as pandas'", () => {
  const parts = ["year", "month", "day", "weekday", "dayOfYear", "hour"] as const;
  const found = features(date({ parts, age: { at: "2024-06-01" } }), fixture.moments);
  assertEquals(found, [...parts, "age" as const].map((part) => fixture.parts[part]));
});
