import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import {
  balancedAccuracy,
  bootstrapInterval,
  confusionMatrix,
  denseRanks,
  rocAuc,
} from "../../src/metrics/mod.ts";
import fixture from "./fixtures/curves.json" with { type: "json" };

const { yTrue, scores, right, auc, accuracy, balancedAccuracyError } = fixture.bootstrap;
const rows = yTrue.length;
const yPred = yTrue.map((label, i) => right[i] === 1 ? label : 1 - label);

function share(counts: Uint32Array): number {
  return counts.reduce((sum, count, i) => sum + count * right[i], 0) / rows;
}

Deno.test("bootstrap: resampled accuracy is binomial", () => {
  const found = bootstrapInterval(rows, share, new Random(1), {
    resamples: 4_000,
    confidence: 0.9,
  });
  // The standard error of the 5 % quantile of 4,000 draws is √(0.05 × 0.95 / 4000) / density, a
  // thirtieth of the deviation of the accuracy; three of it and the binomial's step of 1 / 360.
  const tolerance = 3 * accuracy.standardError / 30 + 1 / 360;
  assertAlmostEquals(found.low, accuracy.low, tolerance);
  assertAlmostEquals(found.high, accuracy.high, tolerance);
  // Its own standard error is 1 / √8000 = 1.1 % of it; four of them.
  const error = found.standardError;
  assertAlmostEquals(error, accuracy.standardError, 0.045 * accuracy.standardError);
  assertEquals(found.value, share(new Uint32Array(rows).fill(1)));
});

Deno.test("bootstrap: the interval of an area as SciPy resamples it", () => {
  const ranks = denseRanks(scores);
  const metric = (counts: Uint32Array) => rocAuc(yTrue, ranks, counts);
  const found = bootstrapInterval(rows, metric, new Random(2), { resamples: 4_000 });
  // The 2.5 % quantile of 4,000 draws has a standard error of 4.2 % of the deviation, SciPy's of
  // 9,999 draws 2.7 %: 5 % together, three of it.
  const tolerance = 0.15 * auc.standardError;
  assertAlmostEquals(found.low, auc.low, tolerance);
  assertAlmostEquals(found.high, auc.high, tolerance);
  assertAlmostEquals(found.standardError, auc.standardError, 0.05 * auc.standardError);
});

Deno.test("bootstrap: strata keep their numbers of rows", () => {
  let apart = 0;
  const metric = (counts: Uint32Array) => {
    const positives = counts.reduce((sum, count, i) => sum + count * yTrue[i], 0);
    apart = Math.max(apart, Math.abs(positives - 60));
    return balancedAccuracy(confusionMatrix(yTrue, yPred, 2, counts));
  };
  const found = bootstrapInterval(rows, metric, new Random(3), {
    resamples: 4_000,
    strata: yTrue,
  });
  assertEquals(apart, 0);
  // The mean of two independent binomial shares; 1 / √8000 = 1.1 %, four of it.
  assertAlmostEquals(found.standardError, balancedAccuracyError, 0.045 * balancedAccuracyError);
});

Deno.test("bootstrap: the same generator gives the same interval", () => {
  const at = (seed: number) => bootstrapInterval(rows, share, new Random(seed), { resamples: 50 });
  assertEquals(at(5), at(5));
  assertEquals(at(5).value, at(6).value);
  assertEquals(at(5).standardError === at(6).standardError, false);
});

Deno.test("bootstrap: resamples without a class are counted out", () => {
  const labels = [0, 0, 0, 0, 1];
  const metric = (counts: Uint32Array) => rocAuc(labels, [1, 2, 3, 4, 5], counts);
  const found = bootstrapInterval(5, metric, new Random(4));
  // The single positive is drawn with probability 1 − 0.8⁵ = 0.672, in 672 ± 15 of 1,000.
  assertAlmostEquals(found.resamples, 672, 60);
  const kept = bootstrapInterval(5, metric, new Random(4), { strata: labels });
  assertEquals(kept.resamples, 1_000);
});

Deno.test("bootstrap: what cannot be drawn is refused", () => {
  const random = new Random(0);
  assertThrows(() => bootstrapInterval(0, share, random), RangeError, "0 rows");
  const options = { confidence: 1 };
  assertThrows(() => bootstrapInterval(3, share, random, options), RangeError, "confidence 1");
  const strata = { strata: [0, 1] };
  assertThrows(() => bootstrapInterval(3, share, random, strata), RangeError, "2 strata");
});
