/** The quality of whole cross-validations beside scikit-learn and XGBoost. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { WorkerPool } from "../../src/base/mod.ts";
import { clean, fillWithinGroup, fit, transform } from "../../src/features/mod.ts";
import { type Table } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import {
  type ComparisonData,
  crossValidate,
  dealFolds,
  grid,
  multiclass,
} from "../../src/training/mod.ts";
import { publicData, python, root, run } from "./project.ts";

/**
 * A forest's or a boosting's mean macro-F1 moves by about 0.005 between seeds;
 * binned splits add a little. Three such moves are a difference worth a look.
 */
const TOLERANCE = 0.015;

/** Scores of both learners without sampling: ours, and the references' on the same matrices. */
async function compare(table: Table): Promise<void> {
  const data = fillWithinGroup(clean(creditFeatures, table, { target: "required" }));
  const experiment: ComparisonData = { set: creditFeatures, data, seed: 42 };
  const { random: folds } = dealFolds(creditFeatures, data, { kind: "stratified" }, {
    folds: 3,
    seed: 42,
  });

  await using pool = new WorkerPool();
  const watch = { signal: new AbortController().signal, progress() {} };
  const baselines = grid({
    sampler: ["none"],
    learner: [{ kind: "randomForest" }, { kind: "gradientBoosting" }],
  });
  const scoring = { metrics: ["f1_macro"], select: "f1_macro" };
  const ours = await Promise.all(
    baselines.map((baseline) =>
      crossValidate(multiclass, baseline, folds, experiment, scoring, pool, watch)
    ),
  );

  const folder = await Deno.makeTempDir();
  try {
    const sizes = folds.map(({ train, test }, i) => {
      const state = fit(creditFeatures, data, train);
      for (const [name, rows] of Object.entries({ train, test })) {
        const matrix = transform(state, data, rows).data;
        const labels = rows.map((row) => data.labels![row]);
        const bytes = (values: Float32Array | Int32Array) => new Uint8Array(values.slice().buffer);
        Deno.writeFileSync(join(folder, `${i}_${name}.f32`), bytes(Float32Array.from(matrix)));
        Deno.writeFileSync(join(folder, `${i}_${name}.i32`), bytes(labels));
      }
      return { train: train.length, test: test.length, columns: state.features.length };
    });
    await Deno.writeTextFile(join(folder, "folds.json"), JSON.stringify(sizes));
    const answer = await run(python!, [join(root, "tests/python/fit_references.py"), folder]);
    assertEquals(answer.code, 0, answer.stderr);
    const theirs: Record<string, number> = JSON.parse(answer.stdout);
    for (const { candidate, mean } of ours) {
      const learner = candidate.name.split("_")[1];
      const difference = mean.f1_macro - theirs[learner];
      const told = `${candidate.name}: ${mean.f1_macro}, reference ${theirs[learner]}`;
      assert(Math.abs(difference) <= TOLERANCE, told);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const full = Deno.args.includes("--full");
const real = await publicData("credit-score/train.csv");

Deno.test({
  name: "reference: the public data scores as with scikit-learn and XGBoost" +
    (!full
      ? " (needs --full)"
      : real === undefined
      ? " (the public data is not here)"
      : python === undefined
      ? " (needs .venv)"
      : ""),
  ignore: !full || python === undefined || real === undefined,
  fn: async () => await compare(await readTable(real!)),
});

Deno.test({
  name: "reference: generated data scores as with scikit-learn and XGBoost (needs .venv)",
  ignore: python === undefined,
  fn: () => compare(generateTable({ customers: 800, seed: 7 })),
});
