/** Plain, grouped and rolling folds beside scikit-learn's: the same rows, so no tolerance. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { groupKFold, kFold, latestRows, rollingOrigin } from "../../src/dataset/mod.ts";
import fixture from "./fixtures/plain_splits.json" with { type: "json" };

Deno.test("kFold: scikit-learn's rows; shuffled, each row is tested once", () => {
  for (const { rows, folds, tests } of fixture.k_fold) {
    assertEquals(kFold(rows, { folds }).map(({ test }) => [...test]), tests);
    const shuffled = kFold(rows, { folds, random: new Random(1) });
    assertEquals(shuffled.flatMap(({ test }) => [...test]).sort((a, b) => a - b), tests.flat());
  }
  assertThrows(() => kFold(3, { folds: 4 }), DataError, "only 3 rows");
  assertThrows(() => kFold(3, { folds: 1 }), UsageError, "2 or more");
});

Deno.test("groupKFold: scikit-learn's sizes, groups whole", () => {
  const { groups, sizes } = fixture.group_k_fold;
  for (const [folds, wanted] of Object.entries(sizes)) {
    const dealt = groupKFold(groups, { folds: Number(folds), random: new Random(2) });
    assertEquals(dealt.map(({ test }) => test.length).sort((a, b) => a - b), wanted);
    for (const { train, test } of dealt) {
      const trained = new Set(train.map((row) => groups[row]));
      assert(test.every((row) => !trained.has(groups[row])));
    }
  }
  assertThrows(() => groupKFold([1, 1, 2], { folds: 3 }), DataError, "only 2 groups");
});

Deno.test("shuffled folds: the draw decides which rows and groups are together, the same for a seed", () => {
  // Ten groups of two rows: any five of them may make a fold.
  const groups = Array.from({ length: 20 }, (_, i) => i >> 1);
  const dealt = (seed: number) =>
    [
      groupKFold(groups, { folds: 2, random: new Random(seed) }),
      kFold(20, { folds: 2, random: new Random(seed) }),
    ].map(([{ test }]) => test.toSorted().join());
  const draws = Array.from({ length: 20 }, (_, seed) => dealt(seed));
  for (const which of [0, 1]) assert(new Set(draws.map((draw) => draw[which])).size > 15);
  assertEquals(dealt(3), draws[3]);
  // Every group is in either fold about as often.
  const first = draws.flatMap(([rows]) => rows.split(",").map(Number)).filter((row) =>
    row % 2 === 0
  );
  const times = groups.map((group) => first.filter((row) => row === 2 * group).length);
  assert(times.every((count) => count > 2 && count < 18), `${times}`);
});

Deno.test("rollingOrigin: scikit-learn's rows; a moment is never on both sides", () => {
  for (const { rows, folds, splits } of fixture.rolling_origin) {
    const times = Array.from({ length: rows }, (_, i) => i);
    const found = rollingOrigin(times, { folds }).map(({ train, test }) => [[...train], [...test]]);
    assertEquals(found, splits);
  }
  const times = Array.from({ length: 60 }, (_, i) => Math.floor(i / 7) % 5);
  for (const { train, test } of rollingOrigin(times, { folds: 3 })) {
    const last = Math.max(...train.map((row) => times[row]));
    assert(test.every((row) => times[row] > last));
  }
  assertThrows(() => rollingOrigin([1, 1, 1, 1], { folds: 2 }), DataError, "only 1 moments");
  assertEquals([...latestRows([3, 1, 2, 3], 0.25)], [0, 3]);
  assertThrows(() => latestRows([1, 1], 0.5), DataError, "one moment");
});
