/** Numbers as they are written, kept, scaled and told. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/base/mod.ts";
import {
  type Cell,
  clean,
  describeNotice,
  featureSet,
  fit,
  inputSchema,
  number,
  type NumberSpec,
  parseNumber,
  rowTransformer,
  transform,
} from "../../src/features/mod.ts";
import { column } from "../../src/dataset/mod.ts";

const target = { column: "y", classes: ["a", "b"] };

function cleaned(spec: NumberSpec, cells: Cell[]) {
  const set = featureSet({ target, columns: { x: spec } });
  const data = clean(set, { rows: cells.length, columns: { x: cells } }, { target: "none" });
  const { x } = data.columns;
  return { set, data, values: x.kind === "numbers" ? [...x.values] : [], notices: data.notices! };
}

const columns: [cells: Cell[], values: number[]][] = [
  [["27,5", "3", "1.234,50", "-0,25", null], [27.5, 3, 1234.5, -0.25, NaN]],
  [["1,234.50", "7", "12,345,678"], [1234.5, 7, 12345678]],
  [["1 234", "5", "345 678,5"], [1234, 5, 345678.5]],
  [["1'234.5", "2’000"], [1234.5, 2000]],
  [["$5", "$ 1,200.50", "-$3", "+4"], [5, 1200.5, -3, 4]],
  [["5 €", "1.200,50€", "-3 €"], [5, 1200.5, -3]],
  [["5 %", "12,5%", "100%"], [5, 12.5, 100]],
  [["1\u202f234", "6"], [1234, 6]],
  // Numbers beside texts are what they are.
  [[27.5, "3,5", 4], [27.5, 3.5, 4]],
];

for (const [cells, values] of columns) {
  Deno.test(`numbers: ${JSON.stringify(cells)} are read by the whole column`, () => {
    const found = cleaned(number(), cells);
    assertEquals(found.values, values);
    assertEquals(found.notices, []);
    const state = fit(found.set, found.data);
    const { decimal } = inputSchema(state)[0];
    assert(decimal !== undefined);
    // A request, alone, is read as the column was.
    const row = new Float32Array(1);
    cells.forEach((cell, i) => {
      if (typeof cell !== "string") return;
      const value = parseNumber(cell, decimal);
      assertEquals(Math.fround(value), Math.fround(values[i]));
      rowTransformer(state)([value], row);
    });
    // So is a table that does not say how its numbers are written.
    const again = clean(found.set, { rows: 1, columns: { x: [cells[0]] } }, {
      target: "none",
      state,
    });
    assertEquals(again.columns.x.kind === "numbers" && again.columns.x.values[0], values[0]);
  });
}

const undecided: [cells: Cell[], unread: number][] = [
  // Thousands or decimals: nothing says which.
  [["1,234", "5,678", "7"], 2],
  // Two ways to write in one column.
  [["1,234.5", "1.234,5"], 2],
  // Two currencies, or percent here and there.
  [["$5", "5 €"], 2],
  [["5%", "0.05"], 1],
  [["12abc", "1,5"], 2],
  [["1,2,3", "12,34,567"], 2],
  [["--5,0", "$5$", "5,0,"], 3],
];

for (const [cells, unread] of undecided) {
  Deno.test(`numbers: ${JSON.stringify(cells)} are not guessed, but told`, () => {
    const { values, notices } = cleaned(number(), cells);
    assertEquals(values.filter(Number.isNaN).length, unread);
    assertEquals(notices.map(({ what, count }) => [what, count]), [["unread", unread]]);
  });
}

Deno.test("numbers: a declared decimal sign decides what a column does not", () => {
  assertEquals(cleaned(number({ decimal: "," }), ["1,234", "5.678"]).values, [
    Math.fround(1.234),
    5678,
  ]);
  assertEquals(cleaned(number({ decimal: "." }), ["1,234", "5,678"]).values, [1234, 5678]);
});

Deno.test("numbers: with groups and any decimals are read back, in both ways", () => {
  const part = fc.record({
    value: fc.nat(2_000_000_000),
    cents: fc.nat(99),
    negative: fc.boolean(),
  });
  fc.assert(fc.property(part, ({ value, cents, negative }) => {
    const sign = negative ? "-" : "";
    const decimals = String(cents).padStart(2, "0");
    const expected = Number(`${sign}${value}.${decimals}`);
    const grouped = (mark: string) => String(value).replace(/\B(?=(\d{3})+$)/g, mark);
    assertEquals(parseNumber(`${sign}${grouped(",")}.${decimals}`, "."), expected);
    assertEquals(parseNumber(`${sign}${grouped(".")},${decimals}`, ","), expected);
    assertEquals(parseNumber(`${sign}${grouped(" ")},${decimals} €`, ","), expected);
  }));
});

Deno.test("numbers: what is lost is told with a count and examples", () => {
  const { notices } = cleaned(number({ min: 0, max: 2 ** 40 }), [
    ...["old", "young", "old", "_", "", "NA", "-1", 2 ** 41],
    ...[16_777_217, 16_777_216, 16_777_218, 16_777_219, 16_777_217],
  ]);
  assertEquals(notices, [
    { column: "x", what: "unread", count: 3, examples: ["old", "young"] },
    { column: "x", what: "outside", count: 2, examples: ["-1", String(2 ** 41)] },
    // 16777217 is 16777216, 16777219 is 16777220: one of four is lost.
    { column: "x", what: "merged", count: 1, examples: ["16777216"] },
  ]);
  assertEquals(
    describeNotice(notices[2]),
    'Column "x": 1 distinct number cannot be told from a neighbour in Float32; subtract an ' +
      'offset or use them as categories, as "16777216"',
  );
});

function features(spec: NumberSpec, cells: Cell[]): number[][] {
  const { set, data } = cleaned(spec, cells);
  const state = fit(set, data);
  const matrix = transform(state, data);
  return state.features.map((_, j) => [...column(matrix, j)]);
}

Deno.test("numbers: missing values stay, or are told beside the median", () => {
  assertEquals(features(number({ missing: "keep" }), [1, null, 3]), [[1, NaN, 3]]);
  assertEquals(features(number({ missing: "indicator" }), [1, null, 3]), [[1, 2, 3], [0, 1, 0]]);
});

Deno.test("numbers: clipped to the range, not missing", () => {
  const spec = number({ min: 0, max: 10, outside: "clip", cap: false });
  assertEquals(features(spec, [-5, 4, 99, null]), [[0, 4, 10, 4]]);
});

Deno.test("numbers: the logarithm of 1 + value; below 0 is missing", () => {
  const [found] = features(number({ log1p: true, cap: false }), [0, 1, -3, Math.E - 1]);
  // The median of 0, 1 and e − 1 is 1.
  [0, Math.log(2), Math.log(2), 1].forEach((wanted, i) =>
    assertAlmostEquals(found[i], wanted, 1e-7)
  );
});

Deno.test("numbers: a constant column is moved, not divided by zero", () => {
  for (const scale of ["standard", "minmax", "robust"] as const) {
    assertEquals(features(number({ scale }), [0.1, 0.1, null, 0.1]), [[0, 0, 0, 0]]);
  }
});

Deno.test("numbers: contradictions are refused", () => {
  const refused = (spec: NumberSpec, message: string) =>
    assertThrows(() => featureSet({ target, columns: { x: spec } }), UsageError, message);
  refused(number({ min: -1, log1p: true }), "log1p needs 0 or more");
  refused(number({ max: 0, log1p: true }), "log1p needs more than 0");
  refused(number({ outside: "clip" }), 'range of column "x" is missing');
});
