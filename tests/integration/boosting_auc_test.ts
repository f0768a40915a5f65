/** Gradient boosting beside LightGBM on public data: the same settings and the same folds. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { gradientBoosting, predictProba } from "../../src/learners/mod.ts";
import { rocAuc } from "../../src/metrics/mod.ts";
import { type Matrix, matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { publicData, python, root, run } from "./project.ts";

/**
 * What the mean AUC of five folds may differ by: bins are cut a little
 * differently, and the trees that follow move it by 0.0003 to 0.0015.
 */
const tolerance = 0.005;

const folds = 5;

/** LightGBM's defaults, with fewer leaves where rows are few. */
const settings = { nEstimators: 100, learningRate: 0.05, numLeaves: 15 };

interface Rows {
  readonly X: Matrix;
  readonly y: Int32Array;
}

/** A file of numbers and words; words become one column for each of their values. */
async function readRows(path: string, separator: string, target: string): Promise<Rows> {
  const [head, ...lines] = (await Deno.readTextFile(path)).trim().split(/\r?\n/)
    .map((line) => line.replaceAll('"', "").split(separator));
  const columns = head.flatMap((name, j) => {
    if (name === target) return [];
    const values = lines.map((line) => line[j]);
    if (values.every((value) => value === "" || !Number.isNaN(Number(value)))) {
      return [values.map((value) => value === "" ? NaN : Number(value))];
    }
    const words = [...new Set(values)].sort();
    return words.map((word) => values.map((value) => Number(value === word)));
  });
  const at = head.indexOf(target);
  return {
    X: matrixFromRows(lines.map((_, i) => columns.map((values) => values[i]))),
    y: Int32Array.from(lines, (line) => Number(line[at])),
  };
}

async function ours({ X, y }: Rows, fold: Int32Array): Promise<number[]> {
  await using pool = new WorkerPool(2);
  const scores: number[] = [];
  for (let k = 0; k < folds; k++) {
    const train = [...y.keys()].filter((i) => fold[i] !== k);
    const test = [...y.keys()].filter((i) => fold[i] === k);
    const labelsOf = (rows: number[]) => Int32Array.from(rows, (i) => y[i]);
    const model = await gradientBoosting(settings)
      .fit(takeRows(X, train), labelsOf(train), { classes: 2, seed: 1, pool });
    const proba = await predictProba(model, takeRows(X, test), pool);
    scores.push(rocAuc(labelsOf(test), proba.subarray(test.length)));
  }
  return scores;
}

async function theirs({ X, y }: Rows, fold: Int32Array): Promise<number[]> {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = (values: Float32Array | Int32Array) => new Uint8Array(values.slice().buffer);
    await Deno.writeFile(join(folder, "X.f32"), bytes(Float32Array.from(X.data)));
    await Deno.writeFile(join(folder, "y.i32"), bytes(y));
    await Deno.writeFile(join(folder, "fold.i32"), bytes(fold));
    const { nEstimators, learningRate, numLeaves } = settings;
    const params = {
      n_estimators: nEstimators,
      learning_rate: learningRate,
      num_leaves: numLeaves,
    };
    await Deno.writeTextFile(
      join(folder, "params.json"),
      JSON.stringify({ columns: X.columns, params }),
    );
    const answer = await run(python!, [join(root, "tests/python/boosting_auc.py"), folder]);
    assertEquals(answer.code, 0, answer.stderr);
    return JSON.parse(answer.stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

for (
  const [name, separator, target] of [
    ["credit-risk/credit_risk_dataset.csv", ";", "loan_status"],
    ["pima/diabetes.csv", ",", "Outcome"],
  ]
) {
  const path = await publicData(name);
  const missing = python === undefined
    ? " (needs .venv)"
    : path === undefined
    ? " (the public data is not here)"
    : "";
  Deno.test({
    name: `boosting: the AUC on ${name} is LightGBM's${missing}`,
    ignore: missing !== "",
    fn: async () => {
      const rows = await readRows(path!, separator, target);
      const fold = new Random(11).shuffle(Int32Array.from(rows.y, (_, i) => i % folds));
      const [own, reference] = [await ours(rows, fold), await theirs(rows, fold)];
      const told = `mean AUC ${mean(own)}, LightGBM ${mean(reference)}`;
      assert(Math.abs(mean(own) - mean(reference)) < tolerance, told);
    },
  });
}
