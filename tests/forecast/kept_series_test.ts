/**
 * The automatic choice on public series that no method was made by, beside
 * statsforecast's AutoETS and Prophet; see tests/python/make_kept_series_fixtures.py.
 */

import { assert } from "@std/assert";
import { automaticInterval, fitAutomatic, forecastAutomatic } from "../../src/forecast/mod.ts";
import fixture from "./fixtures/kept_series.json" with { type: "json" };

const full = Deno.args.includes("--full");

Deno.test({
  name: "forecast: series that were kept aside, beside AutoETS and Prophet (needs --full)",
  ignore: !full,
  async fn() {
    const logarithms = { AutoETS: 0, Prophet: 0 };
    const told: string[] = [];
    let [covered, looks] = [0, 0];
    for (const { name, values, season, horizon, every, cuts, aside, peers } of fixture) {
      const all = Float64Array.from(values);
      let scaled = 0;
      for (let cut = 0; cut < cuts; cut++) {
        const known = all.subarray(0, all.length - horizon - cut * every);
        const model = await fitAutomatic(known, { horizon, seasons: [season] });
        const said = forecastAutomatic(model, horizon);
        const { lower, upper } = automaticInterval(model, said, 0.8)!;
        const moves = known.subarray(season).map((value, t) => Math.abs(value - known[t]));
        const naive = moves.reduce((sum, move) => sum + move, 0) / moves.length;
        for (let h = 0; h < horizon; h++) {
          const came = all[known.length + h];
          scaled += Math.abs(said[h] - came) / horizon / naive / cuts;
          covered += Number(came >= lower[h] && came <= upper[h]);
          looks++;
        }
      }
      for (const peer of ["AutoETS", "Prophet"] as const) {
        logarithms[peer] += Math.log(scaled / peers[peer]) / fixture.length;
      }
      told.push(`${name}: ${scaled.toFixed(4)} beside ${JSON.stringify(peers)}`);
      // Errors of nine origins that overlap differ by some hundredths by chance.
      if (aside) assert(scaled < 1.05 * peers.AutoETS && scaled <= peers.Prophet, told.at(-1));
    }
    // Geometric means of ratios over fifteen series, whose standard error is about 0.04 to AutoETS:
    // as good as that, and far better than Prophet.
    assert(logarithms.Prophet < Math.log(0.75), told.join("\n"));
    assert(logarithms.AutoETS < Math.log(1.02), told.join("\n"));
    assert(covered / looks > 0.75 && covered / looks < 0.88, `${covered} of ${looks}`);
  },
});
