/** The automatic choice on public series, by rolling origins as they are used there, and on made-up ones. */

import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import {
  automaticInterval,
  dateOfStep,
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

type Row = readonly [date: string, value: number];

/** The mean scaled error over the cuts, and how often the interval of 80 % held what came. */
async function rolled(
  rows: readonly Row[],
  { horizon, every, cuts, seasons, origins }: Omit<Case, "file" | "mase">,
): Promise<{ mase: number; covered: number }> {
  const read = (count: number) =>
    regularSeries(
      rows.slice(0, count).map(([date]) => date),
      rows.slice(0, count).map(([, value]) => value),
    );
  let [mase, covered, steps] = [0, 0, 0];
  for (let k = 0; k < cuts; k++) {
    const count = rows.length - horizon - k * every;
    const { values } = read(count);
    const after = read(count + horizon);
    const known = rows.slice(0, count).map(([, value]) => value);
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
    mase += off / own / scale / cuts;
    steps += own;
  }
  return { mase, covered: covered / steps };
}

for (const { file, mase: most, ...how } of cases) {
  Deno.test({
    name: `forecast: the public data of ${file} (needs --full and ../shared/data)`,
    ignore: !full || !isThere,
    async fn() {
      const text = (await Deno.readTextFile(join(folder, file))).replaceAll('"', "");
      const lines = text.trim().split("\n").slice(1).map((line) => line.split(","));
      const { mase, covered } = await rolled(
        lines.map(([date, value]): Row => [date, Number(value)]),
        how,
      );
      assert(mase <= most, `MASE ${mase}`);
      assert(covered >= 0.75 && covered <= 0.88, `${covered} covered`);
    },
  });
}

/** Made-up series like the public ones, the mean of their values at a step, and what surrounds it. */
const madeUp = {
  "months of a year that grows": {
    step: "month",
    ...{ steps: 84, spread: 0.03 },
    mean: (t: number) => 100 * Math.exp(0.01 * t + 0.25 * Math.sin(2 * Math.PI * t / 12)),
    how: { horizon: 12, every: 6, cuts: 3, seasons: [12], origins: 6 },
  },
  "days of a week that repeats": {
    step: "day",
    ...{ steps: 240, spread: 0.05 },
    mean: (t: number) => 9 + [0, 1, 2, 1, 0, -2, -2][t % 7] * 0.5,
    how: { horizon: 14, every: 14, cuts: 3, seasons: [7], origins: 6 },
  },
} as const;

for (const [name, { step, steps, spread, mean, how }] of Object.entries(madeUp)) {
  Deno.test(`forecast: made-up ${name}, nearly as well as who knows how they were made`, async () => {
    const random = new Random(5);
    const rows = Array.from({ length: steps }, (_, t): Row => [
      dateOfStep({ step, first: "2019-01-01" }, t),
      mean(t) * Math.exp(spread * random.normal()),
    ]);
    const { mase, covered } = await rolled(rows, how);
    // A year or a week before differs by the growth, and by the noise of two values: E|n| = 0.8.
    const [season] = how.seasons;
    const ahead = rows.slice(season);
    const scale = ahead.reduce((sum, [, value], t) => sum + Math.abs(value - rows[t][1]), 0);
    const noise = ahead.reduce((sum, _, t) => sum + 0.8 * spread * mean(t + season), 0);
    assert(mase < 2 * noise / scale, `MASE ${mase}, at best ${noise / scale}`);
    assert(covered > 0.6 && covered < 0.98, `${covered} covered`);
  });
}
