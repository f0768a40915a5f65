/**
 * Trainings with missing values kept score as LightGBM does on the same folds. Where `.venv`
 * is not there, made-up tables are held to what it said; `-- --update` writes that anew.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { WorkerPool } from "../../src/base/mod.ts";
import {
  categoricalFeatures,
  category,
  clean,
  type FeatureSet,
  fit,
  transform,
} from "../../src/features/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { crossValidate, dealFolds, grid, taskOf } from "../../src/training/mod.ts";
import { loanFeatures, riskDirections } from "../../pipelines/credit_risk/columns.ts";
import { creditRisk } from "../fixtures/training/credit_risk.ts";
import { houseFeatures } from "../fixtures/training/house_price.ts";
import { pimaFeatures } from "../fixtures/training/pima.ts";
import { creditRiskTable, houseTable, pimaTable } from "./tables.ts";
import said from "./lightgbm.json" with { type: "json" };

const here = (path: string) => fromFileUrl(new URL(path, import.meta.url));
const python = here("../../.venv/bin/python");
const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);
const hasPython = await isThere(python);

/** Absolute of an AUC, and a share of an RMSE, whose size is that of its target. */
const TOLERANCE = 0.003;
const FOLDS = 5;

interface Case {
  readonly set: FeatureSet;
  readonly metric: "roc_auc" | "rmse";
  /** A made-up table, and the public one where there is one. */
  readonly made: () => string;
  readonly shared?: string;
  /** Whether texts are categories that trees split themselves, by sets. */
  readonly sets?: true;
  /** Parameters beside the defaults of leaf-wise trees: ours, and the same as LightGBM has them. */
  readonly params?: object;
  readonly theirs?: object;
  /** Columns in which predictions are monotone. */
  readonly monotone?: Readonly<Record<string, 1 | -1>>;
}

const cases: Record<keyof typeof said, Case> = {
  "credit risk": {
    set: creditRisk,
    metric: "roc_auc",
    made: () => creditRiskTable(3000),
    shared: "credit-risk/credit_risk_dataset.csv",
  },
  "credit risk as its pipeline": {
    set: loanFeatures,
    metric: "roc_auc",
    made: () => creditRiskTable(3000),
    shared: "credit-risk/credit_risk_dataset.csv",
    params: {
      ...{ nEstimators: 100, maxDepth: 7, numLeaves: 31, learningRate: 0.05 },
      ...{ subsample: 0.8, colsample: 0.8, regAlpha: 1, regLambda: 1 },
    },
    theirs: {
      ...{ n_estimators: 100, max_depth: 7, num_leaves: 31, learning_rate: 0.05 },
      ...{ subsample: 0.8, subsample_freq: 1, colsample_bytree: 0.8, reg_alpha: 1, reg_lambda: 1 },
      random_state: 42,
    },
    monotone: riskDirections,
  },
  diabetes: {
    set: pimaFeatures,
    metric: "roc_auc",
    made: () => pimaTable(1000),
    shared: "pima/diabetes.csv",
  },
  "house price": { set: houseFeatures, metric: "rmse", made: () => houseTable(3000) },
  "credit risk by sets": {
    set: creditRisk,
    metric: "roc_auc",
    made: () => creditRiskTable(3000),
    shared: "credit-risk/credit_risk_dataset.csv",
    sets: true,
  },
  "house price by sets": {
    set: houseFeatures,
    metric: "rmse",
    made: () => houseTable(3000),
    sets: true,
  },
};

/**
 * The features with the gaps of numbers kept and nothing capped, as LightGBM takes them.
 *
 * @param sets Whether texts become categories.
 */
function withGaps(set: FeatureSet, sets: boolean): FeatureSet {
  const columns = Object.entries(set.columns).map(([name, spec]) => {
    if (spec.kind === "number") return [name, { ...spec, missing: "keep", cap: false } as const];
    return [name, sets && spec.kind === "oneHot" ? category() : spec];
  });
  return { ...set, columns: Object.fromEntries(columns) };
}

/** Mean score of the folds: ours, and LightGBM's if it is asked. */
async function scores(path: string, one: Case, ask: boolean) {
  const { set: declared, metric, sets, params, theirs: settled, monotone } = one;
  const set = withGaps(declared, sets === true);
  const data = clean(set, await readTable(path), { target: "required" });
  const task = taskOf(set);
  const { random: folds } = dealFolds(set, data, { kind: task.splits[0] as "plain" }, {
    folds: FOLDS,
    seed: 42,
  });
  const [candidate] = grid({
    learner: [{
      ...{ kind: "gradientBoosting" as const, params: { growth: "leafwise" as const, ...params } },
      ...monotone && { monotone },
    }],
  });
  await using pool = new WorkerPool(1);
  const scoring = { metrics: [metric], select: metric };
  const { mean: { [metric]: ours } } = await crossValidate(
    ...[task, candidate, folds, { set, data, seed: 1 }, scoring, pool] as const,
    { signal: new AbortController().signal, progress: () => {} },
  );
  if (!ask) return { ours };
  // No number learns anything, and no category is in one fold alone: one matrix serves all folds.
  const state = fit(set, data);
  const X = transform(state, data);
  const foldOf = new Int32Array(data.rows);
  folds.forEach(({ test }, k) => test.forEach((row) => foldOf[row] = k));
  const folder = await Deno.makeTempDir({ prefix: "lightgbm-" });
  try {
    const write = (name: string, { buffer, byteOffset, byteLength }: ArrayBufferView) =>
      Deno.writeFile(join(folder, name), new Uint8Array(buffer, byteOffset, byteLength).slice());
    await write("X.f32", X.data);
    await write("fold.i32", foldOf);
    await (data.labels ? write("y.i32", data.labels) : write("y.f64", data.values!));
    const settings = {
      columns: X.columns,
      params: {
        ...{ max_bin: 255, ...settled },
        ...monotone && {
          monotone_constraints: state.features.map((name) => monotone[name] ?? 0),
          monotone_constraints_method: "basic",
        },
      },
      ...sets && { categorical: categoricalFeatures(state) },
    };
    await Deno.writeTextFile(join(folder, "params.json"), JSON.stringify(settings));
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [here("../python/boosting_auc.py"), folder],
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(text.decode(stderr));
    const theirs: number[] = JSON.parse(text.decode(stdout));
    assertEquals(theirs.length, FOLDS);
    return { ours, theirs: theirs.reduce((sum, value) => sum + value, 0) / FOLDS };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertNear(ours: number, theirs: number, metric: Case["metric"]): void {
  assertAlmostEquals(ours, theirs, TOLERANCE * (metric === "rmse" ? theirs : 1));
}

const full = Deno.args.includes("--full");
for (const [name, one] of Object.entries(cases)) {
  const key = name as keyof typeof said;
  Deno.test(`training: ${name}, made up, scores as LightGBM does`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    try {
      await Deno.writeTextFile(path, one.made());
      const { ours, theirs } = await scores(path, one, hasPython);
      if (theirs !== undefined && Deno.args.includes("--update")) {
        const all = { ...said, [key]: said[key] = theirs };
        await Deno.writeTextFile(here("lightgbm.json"), `${JSON.stringify(all, null, 2)}\n`);
      }
      if (theirs !== undefined) assertAlmostEquals(theirs, said[key], 1e-6 * said[key]);
      assertNear(ours, said[key], one.metric);
    } finally {
      await Deno.remove(path);
    }
  });
  if (one.shared === undefined) continue;
  const path = here(`../../../shared/data/${one.shared}`);
  Deno.test({
    name: `training: ${name}, the public table, scores as LightGBM does` +
      (full ? "" : " (needs --full)"),
    ignore: !full || !hasPython || !await isThere(path),
    fn: async () => {
      const { ours, theirs } = await scores(path, one, true);
      assertNear(ours, theirs!, one.metric);
    },
  });
}
