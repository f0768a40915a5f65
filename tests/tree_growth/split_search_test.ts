/** The search for splits of classes and means beside one over all splits. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { binMatrix } from "../../src/tree_growth/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { type BinnedMatrix, missingCode } from "../../src/tree_growth/binning.ts";
import { ClassSplitter, type Criterion } from "../../src/tree_growth/class_splitter.ts";
import { MeanSplitter } from "../../src/tree_growth/mean_splitter.ts";
import type { NodeSplitter } from "../../src/tree_growth/node_splitter.ts";
import { codesOf, numbersBelow, table } from "./binned_tables.ts";

/** Starts the node that all rows are in. */
function start(splitter: NodeSplitter, binned: BinnedMatrix, weights: Int32Array): boolean {
  const rows = Int32Array.from({ length: binned.rows }, (_, i) => i);
  const carried = new Int32Array(binned.rows);
  splitter.startTree(rows, rows.length, weights, carried);
  splitter.useBlock({ codes: binned.codes, columnStride: binned.rows });
  return splitter.startNode({ offsets: rows, carried }, 0, rows.length);
}

/** The rows that a found split sends left. */
function leftOf(splitter: NodeSplitter, binned: BinnedMatrix): boolean[] {
  const { feature, leftBin, members, hasMissing, missingLeft } = splitter;
  return Array.from(codesOf(binned, feature), (code) => {
    if (members) return members[code] === 1;
    if (code !== missingCode) return code <= leftBin;
    assert(hasMissing);
    return missingLeft;
  });
}

/** The ways to send a column's rows left: of numbers at a cut, of categories in an order of keys. */
function* waysOf(
  binned: BinnedMatrix,
  column: number,
  keys: readonly ((rows: readonly number[]) => number)[],
): Generator<boolean[]> {
  const codes = codesOf(binned, column);
  const bins = [...new Set(codes)].filter((code) => code !== missingCode).sort((a, b) => a - b);
  const hasMissing = codes.includes(missingCode);
  const rowsOf = (bin: number) => [...codes.keys()].filter((i) => codes[i] === bin);
  const orders = binned.categorical[column]
    ? keys.map((key) => bins.toSorted((a, b) => key(rowsOf(a)) - key(rowsOf(b)) || a - b))
    : [bins];
  for (const order of orders) {
    for (let cut = 1; cut <= order.length; cut++) {
      for (const missingLeft of hasMissing ? [false, true] : [false]) {
        if (cut === order.length && (!hasMissing || missingLeft)) continue;
        const left = new Set(order.slice(0, cut));
        yield Array.from(codes, (code) => code === missingCode ? missingLeft : left.has(code));
      }
    }
  }
}

interface Target {
  readonly weights: Int32Array;
  /** How pure some rows are. */
  readonly purity: (rows: readonly number[]) => number;
  readonly keys: readonly ((rows: readonly number[]) => number)[];
}

const scoreOf = ({ purity }: Target, left: readonly boolean[]) =>
  purity([...left.keys()].filter((i) => left[i])) +
  purity([...left.keys()].filter((i) => !left[i]));

/** The best of all splits that leave enough rows on either side. */
function bestOf(binned: BinnedMatrix, target: Target, minSamplesLeaf: number): number {
  let best = -Infinity;
  for (let column = 0; column < binned.columns; column++) {
    for (const left of waysOf(binned, column, target.keys)) {
      const count = left.filter(Boolean).length;
      if (Math.min(count, left.length - count) < minSamplesLeaf) continue;
      best = Math.max(best, scoreOf(target, left));
    }
  }
  return best;
}

function check(splitter: NodeSplitter, binned: BinnedMatrix, target: Target, least: number): void {
  const pure = start(splitter, binned, target.weights);
  assertEquals(pure, false);
  assertEquals(splitter.weight, target.weights.reduce((sum, weight) => sum + weight, 0));
  const all = [...target.weights.keys()];
  assertAlmostEquals(splitter.nodeScore(), target.purity(all), 1e-9);
  for (let column = 0; column < binned.columns; column++) {
    assertEquals(splitter.tryFeature(column), new Set(codesOf(binned, column)).size > 1);
  }
  const best = bestOf(binned, target, least);
  if (best === -Infinity) return assertEquals(splitter.feature, -1);
  assertAlmostEquals(splitter.score, best, 1e-9 * Math.max(1, Math.abs(best)));
  const left = leftOf(splitter, binned);
  assertAlmostEquals(scoreOf(target, left), best, 1e-9 * Math.max(1, Math.abs(best)));
  const count = left.filter(Boolean).length;
  assert(Math.min(count, left.length - count) >= least);
}

/** Rows with classes, weighed. */
function classTarget(
  labels: Int32Array,
  weights: Int32Array,
  classes: number,
  criterion: Criterion,
): Target {
  const sums = (rows: readonly number[]) => {
    const sum = new Float64Array(classes);
    for (const row of rows) sum[labels[row]] += weights[row];
    return sum;
  };
  const xLogX = (x: number) => x > 0 ? x * Math.log(x) : 0;
  return {
    weights,
    purity: (rows) => {
      const sum = sums(rows);
      const total = sum.reduce((a, b) => a + b, 0);
      return criterion === "gini"
        ? sum.reduce((all, own) => all + own * own, 0) / total
        : sum.reduce((all, own) => all + xLogX(own), 0) - xLogX(total);
    },
    // Of two classes one order says all.
    keys: Array.from({ length: classes }, (_, k) => (rows: readonly number[]) => {
      const sum = sums(rows);
      return sum[k] / sum.reduce((a, b) => a + b, 0);
    }),
  };
}

function meanTarget(values: Float64Array, weights: Int32Array): Target {
  const sums = (rows: readonly number[]) => [
    rows.reduce((sum, row) => sum + weights[row] * values[row], 0),
    rows.reduce((sum, row) => sum + weights[row], 0),
  ];
  return {
    weights,
    purity: (rows) => {
      const [sum, weight] = sums(rows);
      return sum * sum / weight;
    },
    keys: [(rows) => {
      const [sum, weight] = sums(rows);
      return sum / weight;
    }],
  };
}

for (const criterion of ["gini", "entropy"] as const) {
  for (const classes of [2, 3, 5]) {
    Deno.test(`split search: ${classes} classes by ${criterion}, no split is better`, () => {
      for (let seed = 0; seed < 40; seed++) {
        const random = new Random(seed);
        const rows = 12 + random.int(30);
        const binned = table(random, rows);
        const labels = numbersBelow(random, rows, 0, classes);
        // Weights above 4096 have logarithms that are not looked up.
        const weights = numbersBelow(random, rows, 1, seed % 2 ? 3 : 9000);
        const target = classTarget(labels, weights, classes, criterion);
        const least = [1, 3][seed % 2];
        const given = { labels, classes, criterion, shareUnits: 2 ** 20 };
        check(new ClassSplitter(binned, given, least, false), binned, target, least);
      }
    });
  }
}

Deno.test("split search: the mean of a number, no split is better", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(seed);
    const rows = 12 + random.int(30);
    const binned = table(random, rows);
    const values = Float64Array.from({ length: rows }, () => random.int(9) - 4);
    const weights = numbersBelow(random, rows, 1, 4);
    const least = [1, 3][seed % 2];
    check(new MeanSplitter(binned, values, least), binned, meanTarget(values, weights), least);
  }
});

Deno.test("split search: a node of one class or one value cannot be improved", () => {
  const binned = table(new Random(1), 10);
  const weights = new Int32Array(10).fill(2);
  const labels = new Int32Array(10).fill(1);
  for (const criterion of ["gini", "entropy"] as const) {
    const given = { labels, classes: 3, criterion, shareUnits: 8 };
    const splitter = new ClassSplitter(binned, given, 1, false);
    assertEquals(start(splitter, binned, weights), true);
    assertEquals([...splitter.leafValues()], [0, 1, 0]);
  }
  const same = new MeanSplitter(binned, new Float64Array(10).fill(3), 1);
  assertEquals(start(same, binned, weights), true);
  assertEquals([...same.leafValues()], [3]);
});

Deno.test("split search: a column of one value, or of none, is no split and changes nothing", () => {
  const rows = Array.from({ length: 8 }, (_, i) => [3, NaN, i]);
  const binned = binMatrix(matrixFromRows(rows), { categorical: [] });
  const weights = new Int32Array(8).fill(1);
  const labels = Int32Array.from(rows, (_, i) => i % 2);
  const given = { labels, classes: 2, criterion: "gini", shareUnits: 2 ** 20 } as const;
  for (
    const splitter of [
      new ClassSplitter(binned, given, 1, false),
      new MeanSplitter(binned, Float64Array.from(labels), 1),
    ]
  ) {
    start(splitter, binned, weights);
    assertEquals([splitter.tryFeature(0), splitter.tryFeature(1)], [false, false]);
    assertEquals([splitter.feature, splitter.score], [-1, -Infinity]);
    assertEquals(splitter.tryFeature(2), true);
    assertEquals([splitter.feature, splitter.hasMissing], [2, false]);
  }
});

Deno.test("split search: a drawn cut lies within the column, its score is that of its two sides", () => {
  const cuts = new Map<string, Set<number>>();
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    const rows = 12 + random.int(30);
    const binned = table(random, rows);
    const weights = numbersBelow(random, rows, 1, 4);
    const labels = numbersBelow(random, rows, 0, 3);
    const values = Float64Array.from({ length: rows }, () => random.int(9) - 4);
    const given = { labels, classes: 3, criterion: "gini", shareUnits: 8 } as const;
    for (
      const [name, splitter, target] of [
        [
          "class",
          new ClassSplitter(binned, given, 1, true),
          classTarget(labels, weights, 3, "gini"),
        ],
        ["mean", new MeanSplitter(binned, values, 1), meanTarget(values, weights)],
      ] as const
    ) {
      splitter.random = random;
      start(splitter, binned, weights);
      const column = seed % 2;
      assertEquals(splitter.tryFeature(column), true);
      assertEquals(splitter.feature, column);
      const { leftBin, rightBin, threshold, hasMissing, missingLeft } = splitter;
      assertEquals(hasMissing, binned.hasMissing[column] === 1);
      assertEquals(rightBin, leftBin + 1);
      const [below, above] = [binned.high, binned.low].map((ends, side) =>
        ends[column * 256 + leftBin + side]
      );
      assert(below <= threshold! && threshold! < above, `${threshold}`);
      assertAlmostEquals(splitter.score, scoreOf(target, leftOf(splitter, binned)), 1e-9);
      const key = `${name} ${column} ${missingLeft}`;
      cuts.set(key, (cuts.get(key) ?? new Set()).add(leftBin));
    }
  }
  const found = Object.fromEntries(
    [...cuts].sort().map(([key, bins]) => [key, [...bins].sort().join("")]),
  );
  assertEquals(found, {
    ...{ "class 0 false": "012", "class 1 false": "01234", "class 1 true": "01234" },
    ...{ "mean 0 false": "012", "mean 1 false": "01234", "mean 1 true": "01234" },
  });
});
