/** Every statistic against SciPy and Evidently, on fixtures of tests/python/make_drift_fixtures.py. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { andersonDarlingScore } from "../../src/drift/statistics/anderson_darling.ts";
import { ksDistance } from "../../src/drift/statistics/kolmogorov_smirnov.ts";
import { twoSampleTail } from "../../src/drift/statistics/kolmogorov_distribution.ts";
import {
  countStatistics,
  domainClassifierHead,
  embeddingClassifierHead,
  gapStatistics,
  numberStatistics,
  type Statistic,
  type StatisticHead,
  textClassifierHead,
} from "../../src/drift/mod.ts";
import fixtures from "./fixtures/statistics.json" with { type: "json" };

/** The same formulas on both sides: only the order of sums differs. */
const TOLERANCE = 1e-6;

const sorted = (values: number[]) => Float64Array.from(values).sort();

for (const { name, reference, current, expected, bins } of fixtures.numbers) {
  Deno.test(`drift: statistics of numbers agree with SciPy and Evidently: ${name}`, () => {
    const [r, c] = [sorted(reference), sorted(current)];
    const wanted: Record<string, number | undefined> = expected;
    for (const statistic of Object.values(numberStatistics)) {
      const value = wanted[statistic.name];
      // SciPy has no Anderson-Darling statistic if all values are one.
      if (value === undefined && statistic.name === "anderson" && r[0] === r.at(-1)) continue;
      assert(value !== undefined, `the fixture has no ${statistic.name}`);
      const { score, pValue } = statistic.measure(r, c);
      assertAlmostEquals(score, value, TOLERANCE, statistic.name);
      if (pValue !== null) assertEquals(pValue, score);
    }
    assertAlmostEquals(ksDistance(r, c), expected.ks_distance, 1e-12);
    if (wanted.anderson_statistic !== undefined) {
      assertAlmostEquals(andersonDarlingScore(r, c), wanted.anderson_statistic, TOLERANCE);
    }
    if (bins === null) return;
    const [rBins, cBins] = [Float64Array.from(bins.reference), Float64Array.from(bins.current)];
    for (const [statistic, value] of Object.entries(bins.expected)) {
      const { score } = named(statistic).measure(rBins, cBins);
      assertAlmostEquals(score, value, TOLERANCE, statistic);
    }
  });
}

for (const { name, reference, current, expected } of fixtures.counts) {
  Deno.test(`drift: statistics of counts agree with SciPy and Evidently: ${name}`, () => {
    for (const [statistic, value] of Object.entries(expected)) {
      const { score } = named(statistic).measure(
        Float64Array.from(reference),
        Float64Array.from(current),
      );
      assertAlmostEquals(score, value as number, TOLERANCE, statistic);
    }
  });
}

Deno.test("drift: Kolmogorov-Smirnov tails agree with SciPy at every size and method", () => {
  for (const { n, m, distance, pValue } of fixtures.tails) {
    const found = twoSampleTail(distance, n, m);
    assertAlmostEquals(found, pValue, TOLERANCE, `n ${n}, m ${m}, distance ${distance}`);
  }
});

Deno.test("drift: every statistic is in the fixtures", () => {
  const compared = new Set([
    ...fixtures.numbers.flatMap(({ expected, bins }) =>
      [expected, bins?.expected ?? {}].flatMap(Object.keys)
    ),
    "unseen_categories", // of no peer; p_values_test.ts has it
    ...fixtures.counts.flatMap(({ expected }) => Object.keys(expected)),
  ]);
  const all = [numberStatistics, countStatistics, gapStatistics].flatMap(Object.keys);
  assertEquals(all.filter((name) => !compared.has(name)), []);
});

Deno.test("drift: every statistic says what it is", () => {
  const all = [numberStatistics, countStatistics, gapStatistics].flatMap((group) =>
    Object.values<StatisticHead>(group)
  ).concat(textClassifierHead, embeddingClassifierHead, domainClassifierHead);
  for (const { name, kinds, threshold, goodFor } of all) {
    assert(
      /^[a-z_]+$/.test(name) && kinds.length > 0 && threshold > 0 && goodFor.length > 20,
      name,
    );
  }
  assertEquals(new Set(all.map(({ name }) => name)).size, all.length);
});

function named(name: string) {
  const all: Readonly<Record<string, Statistic<Float64Array>>> = {
    ...countStatistics,
    ...gapStatistics,
  };
  const found = all[name];
  assert(found, `no statistic is named ${name}`);
  return found;
}
