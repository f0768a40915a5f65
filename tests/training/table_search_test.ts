/** A search on a table, beside what Optuna finds there with LightGBM in the same space. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { WorkerPool } from "../../src/base/mod.ts";
import { clean } from "../../src/features/mod.ts";
import { bestTrial, int, logFloat, type SearchPlan } from "../../src/search/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import {
  type SearchedSettings,
  searchRows,
  SearchWatch,
  settingsSpace,
  taskOf,
  type TrialRecord,
} from "../../src/training/mod.ts";
import { pimaFeatures } from "../fixtures/training/pima.ts";
import { pimaTable } from "./tables.ts";

const here = (path: string) => fromFileUrl(new URL(path, import.meta.url));
/** Written by tests/python/make_table_search_fixtures.py. */
const optuna: { trials: number; pima: number[]; twin: number[] } = JSON.parse(
  await Deno.readTextFile(here("fixtures/search.json")),
);
const FOLDS = 5;
const settings: SearchedSettings = {
  learner: {
    kind: "gradientBoosting",
    params: {
      growth: "leafwise",
      nEstimators: int(10, 60),
      learningRate: logFloat(0.02, 0.3),
      numLeaves: int(3, 31, { log: true }),
      minDataInLeaf: int(3, 60),
      regLambda: logFloat(1e-3, 10),
    },
  },
};

const space = settingsSpace(settings);

/** Makes searches on the rows of a file, one for each plan. */
async function searches(
  path: string,
  plans: readonly Pick<SearchPlan, "trials" | "sampler" | "pruner" | "parallel" | "seed">[],
  rounds?: { readonly every: number; readonly warmup: number },
): Promise<TrialRecord[][]> {
  const data = clean(pimaFeatures, await readTable(path), { target: "required" });
  const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
  const folds = Array.from({ length: FOLDS }, (_, fold) => ({
    train: rows.filter((row) => row % FOLDS !== fold),
    test: rows.filter((row) => row % FOLDS === fold),
  }));
  await using pool = new WorkerPool();
  const found: TrialRecord[][] = [];
  for (const plan of plans) {
    const setting = {
      ...{ task: taskOf(pimaFeatures), experiment: { set: pimaFeatures, data, seed: plan.seed } },
      ...{ folds, pool, scoring: { metrics: ["roc_auc"], select: "roc_auc" } },
      watch: new SearchWatch(Infinity, "roc_auc", "maximize"),
      ...rounds && { rounds },
    };
    const watch = { signal: new AbortController().signal, progress() {} };
    found.push(
      await searchRows(setting, { ...plan, space, direction: "maximize" }, settings, watch),
    );
  }
  return found;
}

async function bests(path: string): Promise<number[]> {
  const { trials } = optuna;
  const plans = optuna.pima.map((_, seed) => ({
    ...{ trials, sampler: "tpe", pruner: "none", parallel: 1, seed } as const,
  }));
  return (await searches(path, plans)).map((made) => {
    assertEquals(made.length, trials);
    return bestTrial(made, "maximize")!.value!;
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/**
 * The best of searches differ by about this with the seed alone, on either side: what is below
 * the other's median by more is no noise.
 */
function noise(values: readonly number[]): number {
  return Math.max(0.003, Math.max(...values) - Math.min(...values));
}

async function assertAsGood(path: string, theirs: readonly number[]): Promise<void> {
  const ours = await bests(path);
  const [mine, other] = [median(ours), median(theirs)];
  assert(mine > other - noise(theirs), `median ${mine}, Optuna's ${other}`);
}

async function withTwin(work: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, pimaTable(500));
    await work(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("search: on a generated table as good as Optuna with LightGBM", () =>
  withTwin((path) => assertAsGood(path, optuna.twin)));

Deno.test("search: boosting rounds are judged too, which changes no trial that ends", () =>
  withTwin(async (path) => {
    const plan = { trials: 20, sampler: "random", pruner: "median", parallel: 3, seed: 1 } as const;
    const [judged] = await searches(path, [plan], { every: 2, warmup: 4 });
    const early = judged.filter(({ state, folds }) => state === "pruned" && folds.length === 0);
    assert(early.length >= 3 && early.length < 15, `${early.length} of 20 were given up by rounds`);
    for (const { rounds } of early) {
      assert(rounds!.at(-1)!.step >= 4 && rounds!.at(-1)!.step % 2 === 0);
    }
    const [whole] = await searches(path, [{ ...plan, pruner: "none" }]);
    const complete = judged.filter(({ state }) => state === "complete");
    assert(complete.length >= 5);
    for (const { number, value, params } of complete) {
      assertEquals([whole[number].params, whole[number].value], [params, value]);
    }
    assertEquals(whole.filter(({ rounds }) => rounds !== undefined), []);
  }));

const pima = here("../../../shared/data/pima/diabetes.csv");
const full = Deno.args.includes("--full");
const isThere = await Deno.stat(pima).then(() => true, () => false);
Deno.test({
  name: "search: on the public table of diabetes as good as Optuna with LightGBM" +
    (!full ? " (needs --full)" : isThere ? "" : " (skipped: the shared data are not there)"),
  ignore: !full || !isThere,
  fn: () => assertAsGood(pima, optuna.pima),
});
