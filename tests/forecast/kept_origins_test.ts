/**
 * Whether AutoETS is better than the automatic choice on the series that were kept aside, over many
 * origins; see tests/python/make_kept_origins_fixtures.py.
 */

import { assert, assertAlmostEquals } from "@std/assert";
import { fitAutomatic, forecastAutomatic } from "../../src/forecast/mod.ts";
import { dieboldMariano } from "./diebold_mariano.ts";
import origins from "./fixtures/kept_origins.json" with { type: "json" };
import fixture from "./fixtures/kept_series.json" with { type: "json" };

Deno.test("forecast: two forecasts are compared as the package dieboldmariano does", () => {
  for (const { one, other, steps, statistic, p } of origins.tests) {
    const { difference, interval: [low, high], pValue } = dieboldMariano(one, other, steps);
    assertAlmostEquals(pValue, p, 1e-9);
    // The interval holds 0 where the test finds nothing.
    assert(low < difference && difference < high && difference * statistic > 0);
    assert((low <= 0 && high >= 0) === (p >= 0.05), `${low} to ${high}, ${p}`);
  }
});

Deno.test({
  name: "forecast: AutoETS is not found better on series that were kept aside (needs --full)",
  ignore: !Deno.args.includes("--full"),
  async fn() {
    for (const { name, values, season, horizon, every, aside } of fixture) {
      if (!aside) continue;
      const peer = origins.AutoETS[name as keyof typeof origins.AutoETS];
      const all = Float64Array.from(values);
      const own: number[] = [];
      for (let cut = 0; cut < peer.length; cut++) {
        const known = all.subarray(0, all.length - horizon - cut * every);
        const model = await fitAutomatic(known, { horizon, seasons: [season] });
        const off = forecastAutomatic(model, horizon)
          .map((said, h) => Math.abs(said - all[known.length + h]));
        const moves = known.subarray(season).map((value, t) => Math.abs(value - known[t]));
        own.push(mean(off) / mean(moves));
      }
      const { difference, interval: [low, high], pValue } = dieboldMariano(
        own,
        peer,
        Math.ceil(horizon / every),
      );
      const told = `${name}: MASE ${mean(own).toFixed(3)} beside ${mean(peer).toFixed(3)}, ` +
        `${difference.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], ` +
        `p ${pValue.toFixed(2)} over ${peer.length} origins`;
      assert(low <= 0, told);
    }
  },
});

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
