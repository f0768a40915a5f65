/** Scores of forecasts that tell more than one number. */

import { assertAlmostEquals, assertThrows } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { crpsOfQuantiles, crpsOfSamples } from "../../src/metrics/mod.ts";
import fixture from "./fixtures/crps.json" with { type: "json" };

Deno.test("crps: of samples as properscoring", () => {
  // Sums of up to a hundred numbers of about 100, in another order.
  for (const { y, samples, crps } of fixture) {
    assertAlmostEquals(crpsOfSamples(y, samples), crps, 1e-10);
    const turned = samples.map((own) => own.toReversed());
    assertAlmostEquals(crpsOfSamples(y, turned), crps, 1e-10);
  }
});

Deno.test("crps: many quantiles of a normal distribution come to what its samples do", () => {
  const random = new Random(4);
  const draws = Float64Array.from({ length: 4000 }, () => random.normal()).sort();
  const levels = Array.from({ length: 99 }, (_, k) => (k + 1) / 100);
  const quantiles = levels.map((level) => [draws[Math.floor(4000 * level)]]);
  for (const y of [-2, 0, 0.7]) {
    // Steps of 0.01 in level, and tails that 99 quantiles do not tell of.
    assertAlmostEquals(crpsOfQuantiles([y], levels, quantiles), crpsOfSamples([y], [draws]), 0.03);
  }
  // 2 φ(0) − 1 / √π: the closed form at the mean.
  assertAlmostEquals(crpsOfSamples([0], [draws]), 0.2337, 0.02);
});

Deno.test("crps: what cannot be scored is refused", () => {
  assertThrows(() => crpsOfSamples([1, 2], [[1]]), RangeError, "2 targets by the samples of 1");
  assertThrows(() => crpsOfSamples([1], [[]]), RangeError, "by 0 samples");
  assertThrows(() => crpsOfSamples([1], [[NaN]]), RangeError, "all finite");
  assertThrows(() => crpsOfQuantiles([1], [], []), RangeError, "0 quantiles");
  assertThrows(() => crpsOfQuantiles([1], [1.5], [[1]]), RangeError, "quantile 1.5");
});
