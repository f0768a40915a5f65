/** The search for splits by gradients beside one over all of them. */

import { kernelMemory, Kernels } from "../../src/kernels/mod.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { binMatrix, type BundledRows, bundleRows } from "../../src/tree_growth/mod.ts";
import { type BinnedMatrix, missingCode } from "../../src/tree_growth/binning.ts";
import { histogramKernel } from "../../src/tree_growth/gradient_histogram.ts";
import { type Penalties, type SearchedNode } from "../../src/tree_growth/gradient_scores.ts";
import { GradientSplitter } from "../../src/tree_growth/gradient_splitter.ts";
import { gradientUnit } from "../../src/tree_growth/packed_gradients.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { codesOf } from "./binned_tables.ts";

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
          // From what each bin has to what hardly any two sides have.
          minHessian: 1 + random.int(20),
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
