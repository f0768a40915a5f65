/** The search for the best split of a node, beside trying every split of the rows one by one. */

import { kernelMemory, Kernels } from "../../src/kernels/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { binMatrix, type BundledRows, bundleRows } from "../../src/tree_growth/mod.ts";
import { type BinnedMatrix, missingCode } from "../../src/tree_growth/binning.ts";
import { ClassSplitter, type Criterion } from "../../src/tree_growth/class_splitter.ts";
import { histogramKernel } from "../../src/tree_growth/gradient_histogram.ts";
import { type Penalties, type SearchedNode } from "../../src/tree_growth/gradient_scores.ts";
import { GradientSplitter } from "../../src/tree_growth/gradient_splitter.ts";
import { MeanSplitter } from "../../src/tree_growth/mean_splitter.ts";
import type { NodeSplitter } from "../../src/tree_growth/node_splitter.ts";
import { gradientUnit } from "../../src/tree_growth/packed_gradients.ts";
import { matrixFromRows } from "../../src/table/mod.ts";

/** Two columns of numbers and two of categories; one of each with missing values. */
function table(random: Random, rows: number): BinnedMatrix {
  const hole = (value: number) => random.int(5) === 0 ? NaN : value;
  const X = Array.from({ length: rows }, () => [
    ...[random.int(4), hole(random.int(6)), random.int(5), hole(random.int(4))],
  ]);
  return binMatrix(matrixFromRows(X), { categorical: [2, 3] });
}

const numbersBelow = (random: Random, count: number, least: number, below: number) =>
  Int32Array.from({ length: count }, () => least + random.int(below - least));

const codesOf = ({ codes, rows }: BinnedMatrix, column: number) =>
  codes.subarray(column * rows, (column + 1) * rows);

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

/** A layout with its slots in another order: ties are decided by columns, not by slots. */
function shuffled(bundled: BundledRows, random: Random): BundledRows {
  const count = bundled.slots.length;
  const order = random.shuffle(Int32Array.from({ length: count }, (_, i) => i));
  const slots = Array.from(order, (slot) => bundled.slots[slot]);
  const offsets = new Int32Array(count + 1);
  slots.forEach((slot, s) => offsets[s + 1] = offsets[s] + slot.codes);
  const codes = new Uint8Array(new SharedArrayBuffer(bundled.codes.length));
  for (let i = 0; i < bundled.rows; i++) {
    order.forEach((slot, s) => codes[i * count + s] = bundled.codes[i * count + slot]);
  }
  return { rows: bundled.rows, slots, offsets, codes };
}

interface Found {
  readonly score: number;
  readonly column: number;
  readonly bin: number;
  readonly missing: number;
  readonly left: number;
}

/** Each split of each column in the order in which ties are decided. */
function bestByGain(
  binned: BinnedMatrix,
  packed: Float64Array,
  rows: Int32Array,
  node: SearchedNode,
  { lambda, alpha }: Penalties,
  allowed: Uint8Array,
  monotone: Int8Array | undefined,
): Found {
  let best: Found = { score: -Infinity, column: 0, bin: 0, missing: -1, left: 0 };
  const valueOf = (side: number) => {
    const gradient = Math.floor(side / gradientUnit);
    const hessian = side - gradient * gradientUnit;
    const shrunk = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - alpha);
    let value = -shrunk / (hessian + lambda);
    if (monotone) value = Math.min(node.highest, Math.max(node.lowest, value));
    return { hessian, value, gain: -(2 * shrunk + (hessian + lambda) * value) * value };
  };
  for (let column = 0; column < binned.columns; column++) {
    if (!allowed[column]) continue;
    const codes = codesOf(binned, column);
    const sumOf = (goes: (code: number) => boolean) =>
      rows.reduce((sum, row) => goes(codes[row]) ? sum + packed[row] : sum, 0);
    const missing = sumOf((code) => code === missingCode);
    const bins = [...new Set(Array.from(rows, (row) => codes[row]))]
      .filter((code) => code !== missingCode).sort((a, b) => a - b);
    const tried: Omit<Found, "score" | "column">[] = [];
    if (binned.categorical[column]) {
      for (const bin of bins) {
        tried.push({
          bin: 0,
          missing: 0,
          left: sumOf((code) => code === bin),
        });
      }
    } else {
      for (const bin of bins) {
        tried.push({ bin, missing: missing ? 0 : -1, left: sumOf((code) => code <= bin) });
      }
      // The lower of two occupied bins is told by the one above: what lies between is empty.
      for (const above of missing ? bins.toReversed() : []) {
        if (above === 0) continue; // missing values apart from all others: tried as those that go right
        const left = sumOf((code) => code === missingCode || code < above);
        tried.push({ bin: above - 1, missing: 1, left });
      }
    }
    for (const one of tried) {
      const [left, right] = [valueOf(one.left), valueOf(node.sum - one.left)];
      if (Math.min(left.hessian, right.hessian) < node.minHessian) continue;
      const numbers = !binned.categorical[column];
      if (numbers && monotone && (right.value - left.value) * monotone[column] < 0) continue;
      const score = Math.fround(left.gain + right.gain);
      if (score > best.score) best = { score, column, ...one };
    }
  }
  return best;
}

const noOrder = {
  ...{ catSmooth: 1, catL2: 0, maxCatThreshold: 32, maxCatToOnehot: 300 },
  ...{ minDataPerGroup: 1, minDataInLeaf: 1 },
};

for (const [name, alphas] of [["", [0]], [", with an L1 penalty", [0.4, 3]]] as const) {
  for (const way of ["plain", "monotone", "kernels"]) {
    const constrained = way === "monotone";
    const told = `${name}, ${way}`;
    const inKernels = kernelMemory(8 * 2048)!;
    const values = new Float64Array(inKernels.buffer);
    const kernels = way === "kernels" ? new Kernels(inKernels) : undefined;
    Deno.test(`split search: by gain no split is better, of equal ones the first${told}`, () => {
      for (let seed = 0; seed < 150; seed++) {
        const random = new Random(seed);
        const count = 14 + random.int(20);
        const hole = (value: number) => random.int(6) === 0 ? NaN : value;
        // Columns that exclude one another, numbers with and without missing values, categories.
        const X = Array.from({ length: count }, () => {
          const one = random.int(4);
          const number = random.int(3);
          return [
            ...[Number(one === 0), number, Number(one === 1), hole(random.int(4)), number],
            ...[Number(one !== 2), random.int(4), hole(random.int(3)), number],
          ];
        });
        const binned = binMatrix(matrixFromRows(X), { categorical: [6, 7, 8] });
        const bundled = shuffled(bundleRows(binned), random);
        const packed = Float64Array.from({ length: count }, () => {
          return (random.int(9) - 4) * gradientUnit + 1 + random.int(3);
        });
        // Some rows are in other nodes, so that bins are empty here.
        const rows = Int32Array.from({ length: count }, (_, i) => i)
          .filter((row) => row < 4 || random.int(3) > 0);
        const histogram = new Float64Array(bundled.offsets.at(-1)!);
        const kernel = histogramKernel(bundled.offsets);
        kernel(histogram, bundled.codes, packed, rows, 0, rows.length);
        const allowed = Uint8Array.from(
          { length: binned.columns },
          () => random.int(5) > 0 ? 1 : 0,
        );
        const monotone = constrained
          ? Int8Array.from({ length: binned.columns }, () => random.int(3) - 1)
          : undefined;
        const bound = constrained && seed % 2 ? 0.75 : Infinity;
        const node: SearchedNode = {
          sum: rows.reduce((sum, row) => sum + packed[row], 0),
          minHessian: 1 + random.int(6),
          perRow: 1,
          ...{ lowest: -bound, highest: bound },
        };
        const plain = { lambda: [0, 1][seed % 2], alpha: alphas[seed % alphas.length] };
        const splitter = new GradientSplitter(bundled, { monotone, categories: noOrder, kernels });
        values.set(histogram);
        const searched = values.subarray(0, histogram.length);
        splitter.search(kernels ? searched : histogram, 0, bundled.slots.length, node, {
          ...plain,
          ...{ smooth: 1, orderedLambda: 0, leastHessian: 1 },
        }, allowed);
        const wanted = bestByGain(binned, packed, rows, node, plain, allowed, monotone);
        const { score, column, bin, missing, left } = splitter;
        assertAlmostEquals(score, wanted.score, 1e-5 * Math.abs(wanted.score));
        if (wanted.score === -Infinity) continue;
        assertEquals({ column, bin, missing, left }, {
          ...{ column: wanted.column, bin: wanted.bin },
          ...{ missing: wanted.missing, left: wanted.left },
        }, `seed ${seed}`);
      }
    });
  }
}

Deno.test("split search: gains are compared as Float32, of equal ones the lower column wins", () => {
  // Twice the same column, but for a unit of the gradient that Float32 does not show.
  const half = 2 ** 24;
  const histogram = Float64Array.of(
    ...[(half + 2) * gradientUnit + 100, (half - 2) * gradientUnit + 100, 0],
    ...[(half + 1) * gradientUnit + 100, (half - 1) * gradientUnit + 100, 0],
  );
  const slot = (column: number) => ({
    ...{ columns: [column], codes: 3, unusualBin: [], categorical: false },
  });
  const codes = new Uint8Array(new SharedArrayBuffer(0));
  for (const [first, second] of [[1, 0], [0, 1]]) {
    const slots = [slot(first), slot(second)];
    const splitter = new GradientSplitter({
      ...{ rows: 2, slots, offsets: Int32Array.of(0, 3, 6), codes },
    });
    const node = { sum: 2 * half * gradientUnit + 200, minHessian: 1, perRow: 1 };
    const free = { lowest: -Infinity, highest: Infinity };
    const penalties = { lambda: 0, alpha: 0, smooth: 1, orderedLambda: 0, leastHessian: 1 };
    const allowed = Uint8Array.of(1, 1);
    splitter.search(histogram, 0, 2, { ...node, ...free }, penalties, allowed);
    assertEquals(splitter.column, 0);
  }
});

Deno.test("split search: the histogram of any number of slots is that of a loop over them", () => {
  const random = new Random(3);
  for (const slots of [1, 63, 64, 65, 129]) {
    const rows = 20;
    const offsets = Int32Array.from({ length: slots + 1 }, (_, s) => 5 * s);
    const codes = Uint8Array.from({ length: rows * slots }, () => random.int(5));
    const packed = Float64Array.from({ length: rows }, () => random.int(100));
    const order = Int32Array.from([7, 3, 11, 19, 0]);
    const [found, wanted] = [new Float64Array(5 * slots), new Float64Array(5 * slots)];
    histogramKernel(offsets)(found, codes, packed, order, 1, 4);
    for (const row of order.subarray(1, 4)) {
      for (let s = 0; s < slots; s++) wanted[5 * s + codes[row * slots + s]] += packed[row];
    }
    assertEquals(found, wanted);
  }
});
