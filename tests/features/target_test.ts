/** Encodings that read the target: no row of training sees its own. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError, Random } from "../../src/base/mod.ts";
import {
  clean,
  type CleanData,
  type ColumnSpec,
  featureSet,
  fit,
  fitTransform,
  number,
  targetEncoding,
  transform,
  weightOfEvidence,
} from "../../src/features/mod.ts";
import { column } from "../../src/dataset/mod.ts";

const classes = ["no", "yes"];

function dataOf(
  spec: ColumnSpec,
  table: Record<string, (string | number | null)[]>,
  group?: string,
) {
  const set = featureSet({ target: { column: "y", classes }, columns: { x: spec }, group });
  const rows = table.y.length;
  return { set, data: clean(set, { rows, columns: table }, { target: "required" }) };
}

Deno.test("target encoding: averages drawn to the overall one, for missing and unknown too", () => {
  const { set, data } = dataOf(targetEncoding({ smoothing: 2 }), {
    x: ["a", "a", "b", null],
    y: ["yes", "no", "yes", "no"],
  });
  const state = fit(set, data);
  // Overall 0.5: a (1 + 1) / 4, b (1 + 1) / 3, missing (0 + 1) / 3.
  assertEquals([...transform(state, data).data], [0.5, 0.5, 2 / 3, 1 / 3].map(Math.fround));
  const fresh = clean(set, { rows: 1, columns: { x: ["z"] } }, { target: "none" });
  assertEquals([...transform(state, fresh).data], [0.5]);
});

Deno.test("target encoding: numbers to predict are averaged", () => {
  const set = featureSet({
    target: { column: "y", classes },
    columns: { x: targetEncoding({ smoothing: 0 }) },
  });
  const cleaned = clean(set, { rows: 3, columns: { x: ["a", "a", "b"] } }, { target: "none" });
  const values = new Float64Array(new SharedArrayBuffer(24));
  values.set([1, 2, 10]);
  const data: CleanData = { ...cleaned, values };
  assertEquals([...transform(fit(set, data), data).data], [1.5, 1.5, 10]);
});

for (const spec of [targetEncoding({ smoothing: 0 }), weightOfEvidence({ edges: [0.5, 1.5] })]) {
  Deno.test(`${spec.kind}: a training row does not see its own label`, () => {
    const random = new Random(3);
    const x = Array.from({ length: 60 }, () => random.int(3));
    const y = x.map(() => classes[random.int(2)]);
    const { set, data } = dataOf(spec, { x, y });
    const { state, X } = fitTransform(set, data);
    // Rows to predict on get what all training rows taught.
    assertEquals(state, fit(set, data));
    assert([...X.data].some((value, i) => value !== transform(state, data).data[i]));
    // The same twice.
    assertEquals(fitTransform(set, data).X, X);
    for (const row of [0, 17, 59]) {
      const other = y.with(row, y[row] === "no" ? "yes" : "no");
      const changed = fitTransform(set, dataOf(spec, { x, y: other }).data).X;
      assertEquals(column(changed, 0)[row], column(X, 0)[row]);
      assert([...changed.data].some((value, i) => value !== X.data[i]));
    }
  });

  Deno.test(`${spec.kind}: nor the labels of its group, nor of its copies`, () => {
    const random = new Random(4);
    const x = Array.from({ length: 60 }, () => random.int(3));
    const y = x.map(() => classes[random.int(2)]);
    const g = x.map((_, row) => `g${row >> 2}`);
    const { set, data } = dataOf(spec, { x, y, g }, "g");
    const rows = Int32Array.from({ length: 90 }, (_, i) => i % 60);
    const before = fitTransform(set, data, rows).X;
    const other = y.map((label, row) => row < 4 ? (label === "no" ? "yes" : "no") : label);
    const after = fitTransform(set, dataOf(spec, { x, y: other, g }, "g").data, rows).X;
    for (const at of [0, 1, 2, 3, 60, 61, 62, 63]) {
      assertEquals(column(after, 0)[at], column(before, 0)[at]);
    }
  });
}

Deno.test("weights of evidence: log odds of the bins, missing values a bin of their own", () => {
  const { set, data } = dataOf(weightOfEvidence({ edges: [2], smoothing: 1 }), {
    x: [1, 1, 3, 3, null, null],
    y: ["yes", "no", "yes", "yes", "no", "no"],
  });
  const weight = (events: number, others: number) =>
    Math.fround(Math.log((events + 1) / (3 + 2) / ((others + 1) / (3 + 2))));
  const [low, high, none] = [weight(1, 1), weight(2, 0), weight(0, 2)];
  assertEquals([...transform(fit(set, data), data).data], [low, low, high, high, none, none]);
});

Deno.test("encodings of the target need one", () => {
  for (const spec of [targetEncoding(), weightOfEvidence()]) {
    const set = featureSet({ target: { column: "y", classes }, columns: { x: spec } });
    const data = clean(set, { rows: 3, columns: { x: [1, 2, 3] } }, { target: "none" });
    assertThrows(() => fit(set, data), DataError, 'Cannot fit column "x"');
  }
  const set = featureSet({
    target: { column: "y", classes: ["a", "b", "c"] },
    columns: { x: weightOfEvidence() },
  });
  const table = { rows: 3, columns: { x: [1, 2, 3], y: ["a", "b", "c"] } };
  const data = clean(set, table, { target: "required" });
  assertThrows(() => fit(set, data), DataError, "need a target of two classes");
});

Deno.test("fitTransform: columns that read no target are those of transform", () => {
  const { set, data } = dataOf(number({ missing: "keep" }), {
    x: [1, null, 5],
    y: ["yes", "no", "no"],
  });
  const { state, X } = fitTransform(set, data);
  assertEquals(X, transform(state, data));
});
