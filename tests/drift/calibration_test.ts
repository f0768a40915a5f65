/**
 * The short form of bench/drift_calibration.ts: how often reports without drift
 * name a column, and how often a shifted column is found, on fixed seeds.
 *
 * A count of N reports, each wrong with a chance of 5 %, is above the bound of
 * the test with a chance below 1 in 1,000; were the chance 15 %, it would be
 * above the bound with more than 19 in 20. So the test lets a calibrated preset pass and
 * fails one that forgets to correct for 28 columns (there the chance is 76 %).
 */

import { assert } from "@std/assert";
import { simulateTask } from "../../bench/drift_simulation.ts";
import { logBinomial } from "../../src/drift/statistics/special_functions.ts";

const LEVEL = 0.05;
const ALMOST_NEVER = 0.001;

/** The least count of which a binomial variable is above with a chance below `ALMOST_NEVER`. */
function bound(reports: number, chance: number): number {
  let [above, count] = [1, -1];
  while (above >= ALMOST_NEVER) {
    count++;
    above -= Math.exp(
      logBinomial(reports, count) + count * Math.log(chance) +
        (reports - count) * Math.log(1 - chance),
    );
  }
  return count;
}

const sizes = [
  { reference: 100, current: 100, reports: 120 },
  { reference: 1000, current: 1000, reports: 60, shifted: 40 },
  { reference: 5000, current: 100, reports: 60 },
];

for (const { reference, current, reports, shifted = 0 } of sizes) {
  Deno.test(`drift: calibrated keeps false alarms low: ${reference} and ${current} rows`, async () => {
    const draw = { reference, current, reports, shifted, seed: 77 };
    const tallies = await simulateTask.run(draw, { progress() {} });
    for (const method of ["calibrated", "calibrated, sketch"] as const) {
      const { alarms, found } = tallies[method];
      const most = bound(reports, LEVEL);
      assert(
        alarms <= most,
        `${method}: ${alarms} alarms in ${reports} reports, ${most} at the most`,
      );
      // A power of 0.9 misses more than `bound` of the shifted columns almost never.
      if (shifted > 0) {
        const missed = shifted - found;
        const mostMissed = bound(shifted, 0.1);
        assert(missed <= mostMissed, `${method}: ${missed} of ${shifted} shifts were missed`);
      }
    }
    assert(tallies.evidently.alarms > tallies.calibrated.alarms);
  });
}
