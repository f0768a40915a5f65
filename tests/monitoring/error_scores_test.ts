import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { errorScore, standardErrors } from "../../src/monitoring/answers/error_scores.ts";
import { numberQuality } from "../../src/monitoring/answers/number_quality.ts";
import { slicesOf } from "../../src/monitoring/slices.ts";

/** Predictions that are off by a standard normal error, the same for all rows of a group. */
function drawn(rows: number, perGroup = 1, seed = 1) {
  const random = new Random(seed);
  let error = 0;
  const errors = Float64Array.from({ length: rows }, (_, row) => {
    if (row % perGroup === 0) error = random.normal();
    return error;
  });
  const predicted = Float64Array.from({ length: rows }, () => 10 * random.normal());
  const groups = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / perGroup));
  return { truth: predicted.map((value, row) => value + errors[row]), predicted, groups };
}

// Of 200 resamples a standard error is known to 1/√400 = 5 %, of 600 drawn units to another 5 %
// (their fourth moment); three deviations of both are 21 %.
const close = (found: number, expected: number) =>
  assertAlmostEquals(found / expected, 1, 0.21, `${found} for ${expected}`);

Deno.test("errors: standard errors are those that theory has for normal errors", () => {
  for (const rows of [4000, 50_000]) {
    const { truth, predicted } = drawn(rows);
    const { rmse, mae, median_absolute_error } = standardErrors({ truth, predicted });
    close(rmse, 1 / Math.sqrt(2 * rows));
    close(mae, Math.sqrt((1 - 2 / Math.PI) / rows));
    // Of a median: 1/(2·density·√rows), at 0.6745 of the half normal distribution.
    close(median_absolute_error, 1 / (2 * 0.6356 * Math.sqrt(rows)));
  }
});

Deno.test("errors: rows of a group tell together what one of them does", () => {
  for (const [rows, perGroup] of [[4800, 8], [40_000, 8]]) {
    close(standardErrors(drawn(rows, perGroup)).rmse, Math.sqrt(perGroup / (2 * rows)));
  }
});

Deno.test("errors: a single row, targets of 0 and equal targets give no nonsense", () => {
  const one = { truth: Float64Array.of(2), predicted: Float64Array.of(1) };
  assertEquals(errorScore("rmse", one), 1);
  assertEquals(standardErrors(one).rmse, NaN);
  assertEquals(errorScore("mape", { ...one, truth: Float64Array.of(0) }), NaN);
  const reference = { scores: { rmse: 0.1, r2: 0.9 }, rows: 100 };
  const quality = numberQuality(one, Int32Array.of(0), slicesOf(1, undefined), reference, {
    coverage: 0.9,
    half_width: 0.5,
  });
  // A single row far out may be chance; a row outside of the interval is.
  assertEquals(quality.errors.rmse.change, "none");
  assertEquals(quality.coverage?.alert, false);
});

Deno.test("errors: in 60 draws of the same world, hardly any metric is called worse or better", () => {
  let [alarms, judged] = [0, 0];
  for (let draw = 0; draw < 60; draw++) {
    const { truth, predicted } = drawn(300, 1, 100 + draw);
    const was = drawn(300, 1, 5000 + draw);
    const scores = { rmse: errorScore("rmse", was), mae: errorScore("mae", was) };
    const at = Int32Array.from(truth.keys());
    const slices = slicesOf(300, undefined);
    const known = { truth, predicted };
    const { errors } = numberQuality(known, at, slices, { scores, rows: 300 }, undefined);
    for (const name of ["rmse", "mae"] as const) {
      judged++;
      if (errors[name].change !== "none") alarms++;
    }
  }
  // Three standard errors: 0.27 % of 120 are a third of one; three are beyond 99.5 % of such runs.
  assert(alarms <= 3, `${alarms} of ${judged}`);
});
