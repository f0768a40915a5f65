import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DataError, Random } from "../../src/base/mod.ts";
import type { Labelled, Sampled } from "../../src/samplers/mod.ts";
import { column, matrixFromRows, row } from "../../src/dataset/mod.ts";
import { type SamplerName, samplers } from "./samplers.ts";
import fixture from "./fixtures/samplers.json" with { type: "json" };

/** How imbalanced-learn's new rows of one class are distributed, over several seeds. */
interface Made {
  rows: number;
  mean: number[];
  deviation: number[];
  deciles: number[][];
}

/**
 * Differences are allowed up to this many of their standard errors. About 2,000
 * are compared; by chance one in 30 million passes it, and the seeds are fixed.
 */
const ERRORS = 5.5;

for (const { name, X, y, neighbours, samplers: outcomes } of fixture.cases) {
  const data: Labelled = { X: matrixFromRows(X), y: Int32Array.from(y) };

  for (const [title, outcome] of Object.entries(outcomes)) {
    const sampler = samplers[title as SamplerName];

    if ("error" in outcome) {
      Deno.test(`${title}: refuses what imbalanced-learn refuses, ${name}`, async () => {
        await assertRejects(
          async () => await sampler.sample(data, new Random(0)),
          DataError,
          "none of its 30 rows has a neighbour of another class",
        );
      });
      continue;
    }

    Deno.test(`${title}: imbalanced-learn's class counts, ${name}`, async () => {
      const { y: labels } = await sampler.sample(data, new Random(0));
      const counts = new Array(outcome.counts.length).fill(0);
      for (const label of labels) counts[label]++;
      assertEquals(counts, outcome.counts);
    });

    Deno.test(`${title}: new rows are distributed as imbalanced-learn's, ${name}`, async () => {
      const runs: Sampled[] = [];
      for (let seed = 0; seed < fixture.seeds; seed++) {
        runs.push(await sampler.sample(data, new Random(seed)));
      }
      const made = outcome.made as Record<string, Made>;
      const labels = new Set(runs.flatMap((run) => [...run.y.subarray(y.length)]));
      assertEquals([...labels].map(String).sort(), Object.keys(made).sort());
      for (const [label, theirs] of Object.entries(made)) {
        for (let j = 0; j < data.X.columns; j++) {
          const ours = runs.flatMap((run) =>
            [...column(run.X, j)].filter((_, i) => i >= y.length && run.y[i] === Number(label))
          );
          assertEquals(ours.length, theirs.rows * fixture.seeds);
          assertSameDistribution(ours, theirs, j);
        }
      }
    });
  }

  for (const title of ["SMOTE", "ADASYN", "BorderlineSMOTE"] as const) {
    const outcome = outcomes[title];
    if ("error" in outcome) continue;
    Deno.test(`${title}: new rows lie between a row and one of its neighbours, ${name}`, async () => {
      const sampled = await samplers[title].sample(data, new Random(1));
      const near = neighbours as Record<string, number[][]>;
      assertEquals(sampled.y.length, outcome.counts.reduce((sum, count) => sum + count));
      for (let i = y.length; i < sampled.y.length; i++) {
        const source = sampled.sourceIndices[i];
        const label = sampled.y[i];
        const place = y.slice(0, source).filter((found) => found === label).length;
        const found = near[label][place].some((to) =>
          liesBetween(row(sampled.X, i), row(data.X, source), row(data.X, to))
        );
        assert(found, `row ${i} is between row ${source} and none of its neighbours`);
      }
    });
  }
}

Deno.test("BorderlineSMOTE: new rows start at rows in danger only", async () => {
  // Class 0 is a line that runs into class 1: only its end is in danger.
  const zeros = Array.from({ length: 20 }, (_, i) => [i, 0]);
  const ones = Array.from({ length: 40 }, (_, i) => [20 + i, 0]);
  const data = {
    X: matrixFromRows([...zeros, ...ones]),
    y: Int32Array.from({ length: 60 }, (_, i) => i < 20 ? 0 : 1),
  };
  const { sourceIndices } = await samplers.BorderlineSMOTE.sample(data, new Random(1));
  // Of row 19's ten nearest five are of class 1 (20 to 24), of row 18's four.
  assertEquals(new Set(sourceIndices.subarray(60)), new Set([19]));
});

function assertSameDistribution(ours: readonly number[], theirs: Made, j: number): void {
  const n = ours.length;
  const moment = (power: number) =>
    ours.reduce((sum, value) => sum + (value - mean) ** power, 0) / n;
  const mean = ours.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(moment(2));
  // Both sides are n draws: their difference has √2 times the error of one.
  const allowed = (error: number) => ERRORS * Math.SQRT2 * error + 1e-6 * Math.abs(mean);
  assertAlmostEquals(mean, theirs.mean[j], allowed(deviation / Math.sqrt(n)));
  const deviationError = Math.sqrt(moment(4) - deviation ** 4) / (2 * deviation * Math.sqrt(n));
  assertAlmostEquals(deviation, theirs.deviation[j], allowed(deviationError));
  theirs.deciles[j].forEach((value, d) => {
    const share = (d + 1) / 10;
    // Where many rows have this very value, the decile is one of them.
    const below = ours.filter((own) => own < value).length / n;
    const upTo = ours.filter((own) => own <= value).length / n;
    const error = ERRORS * Math.SQRT2 * Math.sqrt(share * (1 - share) / n);
    assert(below <= share + error, `${below} of column ${j} below decile ${d + 1}`);
    assert(upTo >= share - error, `${upTo} of column ${j} up to decile ${d + 1}`);
  });
}

/** Whether `point` is `start + t × (end − start)` for one t in [0, 1], to the rounding of Float32. */
function liesBetween(point: Float32Array, start: Float32Array, end: Float32Array): boolean {
  const widest = start.reduce(
    (best, value, j) => Math.abs(end[j] - value) > Math.abs(end[best] - start[best]) ? j : best,
    0,
  );
  const length = end[widest] - start[widest];
  const t = length === 0 ? 0 : (point[widest] - start[widest]) / length;
  const rounding = 2 ** -22;
  return t >= -rounding && t <= 1 + rounding &&
    point.every((value, j) => {
      const wanted = start[j] + t * (end[j] - start[j]);
      // t is known to one rounding of the widest column, relative to its values.
      const scale = Math.abs(start[j]) + Math.abs(end[j]) +
        Math.abs((end[j] - start[j]) / (length || 1)) * Math.abs(start[widest]);
      return Math.abs(value - wanted) <= rounding * scale;
    });
}
