import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { type Fold, stratifiedGroupKFold, stratifiedKFold } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/splits.json" with { type: "json" };

/** Rows of each class that each fold tests. */
function testCounts(y: Int32Array, folds: readonly Fold[]): number[][] {
  const classes = Math.max(...y) + 1;
  return folds.map(({ test }) => {
    const counts = new Array(classes).fill(0);
    for (const row of test) counts[y[row]]++;
    return counts;
  });
}

/** How far the folds' shares of each class differ: their standard deviation, mean over classes. */
function imbalance(y: Int32Array, folds: readonly Fold[]): number {
  const counts = testCounts(y, folds);
  const deviations = counts[0].map((_, label) => {
    const total = counts.reduce((sum, of) => sum + of[label], 0);
    const shares = counts.map((of) => of[label] / total);
    const mean = 1 / folds.length;
    return Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / folds.length);
  });
  return deviations.reduce((sum, value) => sum + value) / deviations.length;
}

function assertPartition(rows: number, folds: readonly Fold[]): void {
  const all = Array.from({ length: rows }, (_, i) => i);
  assertEquals(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b), all);
  for (const { train, test } of folds) {
    assertEquals([...train, ...test].sort((a, b) => a - b), all);
    assert(train.every((row, i) => i === 0 || train[i - 1] < row), "train rows rise");
    assert(test.every((row, i) => i === 0 || test[i - 1] < row), "test rows rise");
  }
}

const testRows = (folds: readonly Fold[]) => folds.map(({ test }) => [...test]);

for (const { name, folds, y: labels, shuffledCounts, rows } of fixture.plain) {
  const y = Int32Array.from(labels);

  Deno.test(`stratifiedKFold: scikit-learn's rows in order, ${name}`, () => {
    const split = stratifiedKFold(y, { folds });
    assertPartition(y.length, split);
    assertEquals(testRows(split), rows);
  });

  Deno.test(`stratifiedKFold: scikit-learn's class counts when shuffled, ${name}`, () => {
    const split = stratifiedKFold(y, { folds, random: new Random(42) });
    assertPartition(y.length, split);
    assertEquals(testCounts(y, split), shuffledCounts);
  });
}

for (const { name, folds, y: labels, groups: names, rows, shuffled } of fixture.grouped) {
  const y = Int32Array.from(labels);
  const groups = Int32Array.from(names);

  Deno.test(`stratifiedGroupKFold: scikit-learn's folds, ${name}`, () => {
    const split = stratifiedGroupKFold(y, groups, { folds });
    assertPartition(y.length, split);
    assertEquals(testRows(split), rows);
  });

  Deno.test(`stratifiedGroupKFold: groups stay whole when shuffled, ${name}`, () => {
    const split = stratifiedGroupKFold(y, groups, { folds, random: new Random(42) });
    assertPartition(y.length, split);
    for (const { train, test } of split) {
      const tested = new Set(Array.from(test, (row) => groups[row]));
      assert(train.every((row) => !tested.has(groups[row])), "no group on both sides");
    }
  });

  Deno.test(`stratifiedGroupKFold: shuffled, classes are as even as scikit-learn's, ${name}`, () => {
    // Other random numbers: equal on average over seeds, within five errors of both averages.
    const seeds = 200;
    let sum = 0;
    const seen = new Set<string>();
    for (let seed = 0; seed < seeds; seed++) {
      const split = stratifiedGroupKFold(y, groups, { folds, random: new Random(seed) });
      sum += imbalance(y, split);
      seen.add(JSON.stringify(testRows(split)));
    }
    const allowed = 5 * Math.SQRT2 * shuffled.deviation / Math.sqrt(seeds) + 1e-9;
    assertAlmostEquals(sum / seeds, shuffled.mean, allowed);
    const orders = folds === new Set(names).size ? 2 : seeds / 2;
    assert(seen.size >= orders, `${seen.size} different splits of ${seeds} seeds`);
  });
}

Deno.test("stratifiedKFold: the seed decides, and only the seed", () => {
  const y = Int32Array.from({ length: 100 }, (_, i) => i % 3);
  const split = (seed: number) => stratifiedKFold(y, { folds: 5, random: new Random(seed) });
  assertEquals(split(42), split(42));
  assertNotEquals(testRows(split(42)), testRows(split(43)));
});

Deno.test("stratifiedGroupKFold: shuffling changes which groups share a fold", () => {
  const y = Int32Array.from({ length: 400 }, (_, i) => i % 3);
  const groups = Int32Array.from({ length: 400 }, (_, i) => i >> 3);
  const split = (seed: number) =>
    stratifiedGroupKFold(y, groups, { folds: 5, random: new Random(seed) });
  assertEquals(split(42), split(42));
  assertNotEquals(testRows(split(42)), testRows(split(43)));
  // Class counts stay near even: 400 rows of 3 classes over 5 folds are 26 or 27 each.
  for (const counts of testCounts(y, split(42))) {
    for (const count of counts) assert(count >= 23 && count <= 30, `${counts}`);
  }
});

Deno.test("splits: a class that does not appear is no obstacle", () => {
  const y = Int32Array.of(0, 2, 0, 2, 0, 2, 2, 0);
  assertEquals(testCounts(y, stratifiedKFold(y, { folds: 2 })), [[2, 0, 2], [2, 0, 2]]);
});

Deno.test("splits: what cannot be split is refused with the reason", () => {
  const y = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1);
  const groups = Int32Array.of(1, 1, 1, 2, 2, 1, 2, 2);
  const classNames = ["Poor", "Good"];
  for (
    const split of [
      () => stratifiedKFold(y, { folds: 5, classNames }),
      () => stratifiedGroupKFold(y, groups, { folds: 5, classNames }),
    ]
  ) {
    const error = assertThrows(split, DataError, "5 folds: class Good has only 3 rows");
    assert(error.next?.includes("fewer folds"));
  }
  assertThrows(
    () => stratifiedGroupKFold(y, groups, { folds: 3 }),
    DataError,
    "Cannot split 2 groups into 3 folds",
  );
  assertThrows(() => stratifiedKFold(y, { folds: 1 }), UsageError, "1 folds");
  assertThrows(() => stratifiedKFold(new Int32Array(0), { folds: 2 }), DataError, "no rows");
  assertThrows(() => stratifiedGroupKFold(y, groups.subarray(1), { folds: 2 }), RangeError);
});
