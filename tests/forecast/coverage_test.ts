/** How often intervals hold what comes, on made-up series of many kinds; larger with --full. */

import { assert } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { automaticInterval, fitAutomatic, forecastAutomatic } from "../../src/forecast/mod.ts";

const full = Deno.args.includes("--full");
const HORIZON = 12;

/** Gives the next value of a series, month by month. */
type Process = (random: Random) => (month: number) => number;

const places = (random: Random, size: number) =>
  Array.from({ length: 12 }, () => size * random.normal());

const kinds: Readonly<Record<string, Process>> = {
  seasonal: (random) => {
    let [level, slope] = [100, random.uniform(-0.2, 0.6)];
    const season = places(random, 8);
    return (t) => {
      slope += 0.02 * random.normal();
      level += slope + random.normal();
      return level + season[t % 12] + 3 * random.normal();
    };
  },
  growing: (random) => {
    let level = 4;
    const growth = random.uniform(0, 0.01);
    const season = places(random, 0.15);
    return (t) => {
      level += growth + 0.02 * random.normal();
      return Math.exp(level + season[t % 12] + 0.05 * random.normal());
    };
  },
  walk: (random) => {
    let value = 200;
    return () => value += 2 * random.normal();
  },
  returning: (random) => {
    let off = 0;
    return () => 100 + (off = 0.7 * off + 5 * random.normal());
  },
  noise: (random) => () => 50 * Math.exp(0.4 * random.normal()),
};

Deno.test("forecast: intervals hold made-up series of many kinds as often as wanted", async () => {
  const told: string[] = [];
  const all = { 0.8: 0, 0.95: 0 };
  const lengths = full ? [60, 108] : [60];
  const count = full ? 60 : 12;
  for (const length of lengths) {
    for (const [kind, process] of Object.entries(kinds)) {
      const random = new Random(length);
      const held = { 0.8: 0, 0.95: 0 };
      for (let k = 0; k < count; k++) {
        const next = process(random);
        const y = Float64Array.from({ length: length + HORIZON }, (_, t) => next(t));
        const known = y.subarray(0, length);
        const model = await fitAutomatic(known, { horizon: HORIZON, seasons: [12] });
        const said = forecastAutomatic(model, HORIZON);
        for (const level of [0.8, 0.95] as const) {
          const { lower, upper } = automaticInterval(model, said, level)!;
          said.forEach((_, h) => {
            const came = y[length + h];
            held[level] += Number(came >= lower[h] && came <= upper[h]) / HORIZON / count;
          });
        }
      }
      for (const level of [0.8, 0.95] as const) {
        all[level] += held[level] / lengths.length / Object.keys(kinds).length;
      }
      told.push(`${kind} of ${length}: ${held[0.8].toFixed(3)} and ${held[0.95].toFixed(3)}`);
      // Months of a series hang together: 60 series tell a share to some hundredths.
      if (full) assert(held[0.8] > 0.7 && held[0.8] < 0.9, told.at(-1));
    }
  }
  told.push(`all: ${all[0.8].toFixed(3)} and ${all[0.95].toFixed(3)}`);
  assert(all[0.8] > 0.75 && all[0.8] < 0.88, told.join("\n"));
  assert(all[0.95] > 0.9 && all[0.95] < 0.98, told.join("\n"));
});
