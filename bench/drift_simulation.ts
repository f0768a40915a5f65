/** Draws samples of known drift and counts what each preset says of them. */

import { deriveSeed, Random, type Task, task } from "../src/base/mod.ts";
import {
  type ColumnValues,
  compare,
  type CompareOptions,
  type DriftSample,
  type RawSample,
  SampleSketch,
} from "../src/drift/mod.ts";

/** One size of reports to draw. */
export interface Draw {
  /** Rows of the reference. */
  readonly reference: number;
  /** Rows of the current data. */
  readonly current: number;
  /** Reports without drift. */
  readonly reports: number;
  /** How many of these are drawn again with a shift of 0.3 standard deviations in one column. */
  readonly shifted: number;
  /** Where the random numbers begin. */
  readonly seed: number;
}

/** What one way of comparing said. */
export interface Tally {
  /** Reports without drift in which a column drifted all the same. */
  readonly alarms: number;
  /** Columns that these reports name. */
  readonly columns: number;
  /** Reports with a shifted column in which just that column is among the drifted ones. */
  readonly found: number;
}

/** Ways of comparing. */
export const methods = ["calibrated", "calibrated, sketch", "evidently"] as const;

/** One of the ways. */
export type Method = typeof methods[number];

/** The shift in standard deviations. */
export const SHIFT = 0.3;

/** Draws reports and counts, in a worker or right here. */
export const simulateTask: Task<Draw, Record<Method, Tally>> = task(
  import.meta.url,
  "simulateTask",
  async (draw) => {
    const tallies = Object.fromEntries(
      methods.map((method) => [method, { alarms: 0, columns: 0, found: 0 }]),
    ) as Record<Method, { -readonly [Kind in keyof Tally]: Tally[Kind] }>;
    for (let report = 0; report < draw.reports; report++) {
      const random = new Random(deriveSeed(draw.seed, report));
      const reference = drawSample(random, draw.reference);
      const current = drawSample(random, draw.current);
      const sketch = new SampleSketch();
      sketch.add(reference);
      const ways: [Method, DriftSample, CompareOptions][] = [
        ["calibrated", reference, {}],
        ["calibrated, sketch", sketch.sample(), {}],
        ["evidently", reference, { preset: "evidently" }],
      ];
      const shifted = report < draw.shifted && shift(current);
      for (const [method, side, options] of ways) {
        const seeded = { ...options, seed: report };
        const { columns } = await compare(side, current, seeded);
        const drifted = columns.filter((column) => column.drifted).length;
        if (drifted > 0) tallies[method].alarms++;
        tallies[method].columns += drifted;
        if (!shifted) continue;
        const again = await compare(side, shifted, seeded);
        const found = again.columns.find(({ column }) => column === SHIFTED)!;
        if (found.drifted) tallies[method].found++;
      }
    }
    return tallies;
  },
);

const SHIFTED = "normal 0";

function shift(sample: RawSample): RawSample {
  const column = sample.columns[SHIFTED] as { values: Float64Array };
  const values = column.values.map((value) => value + SHIFT);
  return { ...sample, columns: { ...sample.columns, [SHIFTED]: { kind: "number", values } } };
}

/** 28 columns such as tables have: numbers of several shapes, categories, gaps. */
export function drawSample(random: Random, rows: number): RawSample {
  const columns: Record<string, ColumnValues> = {};
  const numbers = (name: string, times: number, draw: () => number) => {
    for (let i = 0; i < times; i++) {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = draw();
      columns[`${name} ${i}`] = { kind: "number", values };
    }
  };
  const categories = (name: string, weights: readonly number[]) => {
    const below = weights.map((_, i) => weights.slice(0, i + 1).reduce((sum, w) => sum + w, 0));
    const codes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const place = random.next() * below[below.length - 1];
      codes[row] = below.findIndex((upTo) => place < upTo);
    }
    columns[name] = { kind: "category", codes, vocabulary: weights.map((_, i) => `c${i}`) };
  };
  numbers("normal", 8, () => random.normal());
  numbers("with gaps", 4, () => random.next() < 0.1 ? NaN : random.normal());
  numbers("skewed", 4, () => Math.exp(random.normal()));
  numbers("heavy tails", 1, () => random.normal() / Math.abs(random.normal()));
  numbers("mostly 0", 2, () => random.next() < 0.7 ? 0 : random.next());
  numbers("few values", 1, () => random.int(8));
  numbers("yes or no", 1, () => random.next() < 0.2 ? 1 : 0);
  const zipf = (count: number) => Array.from({ length: count }, (_, i) => 1 / (i + 1));
  categories("two", [0.9, 0.1]);
  for (const count of [3, 5, 8, 12, 40, 200]) categories(`${count} categories`, zipf(count));
  return { rows, columns };
}
