/** The automatic choice on public series, by rolling origins as they are used there. */

import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  automaticInterval,
  fitAutomatic,
  forecastAutomatic,
  regularSeries,
} from "../../src/forecast/mod.ts";

const full = Deno.args.includes("--full");
const folder = fromFileUrl(new URL("../../../shared/data/series", import.meta.url));
const isThere = await Deno.stat(folder).then(() => true, () => false);

interface Case {
  readonly file: string;
  /** Steps ahead, and values between two origins. */
  readonly horizon: number;
  readonly every: number;
  readonly cuts: number;
  /** Steps of the seasons; the first scales the error. */
  readonly seasons: readonly number[];
  readonly origins: number;
  /** What is reached, with a little room. */
  readonly mase: number;
}

const cases: Case[] = [
  {
    ...{ file: "airline-passengers.csv", horizon: 12, every: 3, cuts: 9, seasons: [12] },
    ...{ origins: 24, mase: 0.5 },
  },
  {
    ...{ file: "example_retail_sales.csv", horizon: 12, every: 3, cuts: 9, seasons: [12] },
    ...{ origins: 24, mase: 0.33 },
  },
  {
    ...{ file: "example_wp_log_peyton_manning.csv", horizon: 30, every: 60, cuts: 6 },
    ...{ seasons: [7, 365.25], origins: 6, mase: 0.87 },
  },
];

for (const { file, horizon, every, cuts, seasons, origins, mase } of cases) {
  Deno.test({
    name: `forecast: the public data of ${file} (needs --full and ../shared/data)`,
    ignore: !full || !isThere,
    async fn() {
      const text = (await Deno.readTextFile(join(folder, file))).replaceAll('"', "");
      const rows = text.trim().split("\n").slice(1).map((line) => line.split(","));
      const read = (count: number) =>
        regularSeries(
          rows.slice(0, count).map(([date]) => date),
          rows.slice(0, count).map(([, value]) => Number(value)),
        );
      let [scaled, covered, steps] = [0, 0, 0];
      for (let k = 0; k < cuts; k++) {
        const count = rows.length - horizon - k * every;
        const { values } = read(count);
        const after = read(count + horizon);
        const known = rows.slice(0, count).map(([, value]) => Number(value));
        const moves = known.slice(seasons[0]).map((value, t) => Math.abs(value - known[t]));
        const scale = moves.reduce((sum, move) => sum + move, 0) / moves.length;
        const ahead = after.values.length - values.length;
        const model = await fitAutomatic(values, { horizon: ahead, seasons, origins });
        const said = forecastAutomatic(model, ahead);
        const { lower, upper } = automaticInterval(model, said, 0.8)!;
        let [off, own] = [0, 0];
        for (let h = 0; h < ahead; h++) {
          if (after.filled.includes(values.length + h)) continue;
          const came = after.values[values.length + h];
          off += Math.abs(said[h] - came);
          covered += Number(came >= lower[h] && came <= upper[h]);
          own++;
        }
        scaled += off / own / scale / cuts;
        steps += own;
      }
      assert(scaled <= mase, `MASE ${scaled}`);
      assert(covered / steps >= 0.75 && covered / steps <= 0.88, `${covered} of ${steps} covered`);
    },
  });
}
