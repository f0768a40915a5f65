/**
 * Data set `series`: monthly spending, one column for each user and category; the part `known` has
 * 60 months, `came` the 12 that followed. Levels, trends, seasons and noise differ; a third hardly
 * has a season, and in a third it grows with the level.
 */

import { Random } from "../../src/base/mod.ts";
import { emptyMatrix } from "../../src/dataset/mod.ts";
import { sideArguments } from "./side.ts";
import { writeDataSet } from "./write_data.ts";

const [KNOWN, CAME, YEAR] = [60, 12, 12];

const { folder, rows: count } = sideArguments();
const [known, came] = [emptyMatrix(KNOWN, count), emptyMatrix(CAME, count)];
for (let k = 0; k < count; k++) {
  const random = new Random(7, k);
  const size = Math.exp(random.uniform(4, 9));
  const season = Array.from({ length: YEAR }, () => random.normal());
  const swing = k % 3 === 0 ? random.uniform(0, 0.03) : random.uniform(0.05, 0.35);
  const grows = k % 3 === 1;
  const noise = random.uniform(0.02, 0.15);
  const wander = noise * random.uniform(0, 0.5);
  let [level, slope] = [1, random.uniform(-0.004, 0.012)];
  for (let t = 0; t < KNOWN + CAME; t++) {
    slope += 0.0005 * random.normal();
    level = Math.max(0.1, level + slope + wander * random.normal());
    const waves = swing * season[t % YEAR];
    const value = size * Math.max(0.02, grows ? level * (1 + waves) : level + waves) *
      Math.exp(noise * random.normal());
    if (t < KNOWN) known.data[k * KNOWN + t] = value;
    else came.data[k * CAME + t - KNOWN] = value;
  }
}
const none = (rows: number) => new Int32Array(new SharedArrayBuffer(4 * rows));
writeDataSet(folder, "series", 0, {
  known: { X: known, y: none(KNOWN) },
  came: { X: came, y: none(CAME) },
});
