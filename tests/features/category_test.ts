/** Columns of categories as codes for trees. */

import { assertEquals, assertThrows } from "@std/assert";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  categoricalFeatures,
  category,
  type CategoryOptions,
  clean,
  featureSet,
  fit,
  inputSchema,
  number,
  rowTransformer,
  transform,
} from "../../src/features/mod.ts";

const classes = ["no", "yes"];

function fitted(options: CategoryOptions, cells: readonly (string | number | null)[]) {
  const set = featureSet({
    target: { column: "y", classes },
    columns: { amount: number(), place: category(options) },
  });
  const y = cells.map((_, i) => classes[i % 2]);
  const table = {
    rows: cells.length,
    columns: { amount: cells.map((_, i) => i), place: cells, y },
  };
  const data = clean(set, table, { target: "required" });
  const state = fit(set, data);
  const codesOf = (values: readonly (string | number | null)[]) => {
    const columns = { amount: values.map(() => 1), place: values };
    const rows = clean(set, { rows: values.length, columns }, { target: "none", state });
    return [...transform(state, rows).data.subarray(values.length)];
  };
  return { state, codesOf };
}

Deno.test("category: codes by falling frequency, NaN for missing and unknown values", () => {
  const { state, codesOf } = fitted({}, ["b", "a", "b", "c", null, "b", "a", "?"]);
  assertEquals(state.features, ["amount", "place"]);
  assertEquals(categoricalFeatures(state), [1]);
  assertEquals(codesOf(["b", "a", "c", null, "", "z"]), [0, 1, 3, NaN, NaN, NaN]);
  const row = new Float32Array(2);
  rowTransformer(state)([5, "a"], row);
  assertEquals([...row], [5, 1]);
});

Deno.test("category: a code of their own for missing, rare and unknown values", () => {
  const options = { missing: "category", markers: ["-"], minCount: 2 } as const;
  const { codesOf } = fitted(options, ["b", "a", "b", "c", "-", "b", "a", "-"]);
  assertEquals(codesOf(["b", "a", "c", "-", null, "z"]), [0, 1, 2, 2, 2, 2]);
});

Deno.test("category: integer codes are one with their other spelling, and with numbers", () => {
  const { state, codesOf } = fitted({ missing: ["-1"] }, [7, "7.0", "7", 8, "8", -1, "-1", null]);
  assertEquals(codesOf([7, "7.0", "8.0", 8, "-1.0", 9]), [0, 0, 1, 1, NaN, NaN]);
  assertEquals(inputSchema(state)[1], {
    ...{ name: "place", kind: "text", required: false, categories: ["7", "8"], codes: true },
  });
});

Deno.test("category: what contradicts itself, and a column of nothing, is refused", () => {
  const of = (options: CategoryOptions) => () => fitted(options, ["a", "b"]);
  assertThrows(of({ minCount: 0 }), UsageError, 'minCount of column "place" is 0');
  assertThrows(of({ missing: ["a"], markers: ["b"] }), UsageError, "given twice");
  assertThrows(of({ minCount: 3 }), DataError, "place");
});
