/** The baseline of every comparison, and what a model's report says of its columns. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import { classes, featureSet, number, oneHot } from "../../src/features/mod.ts";
import { pipeline } from "../../src/pipeline/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { baselineOf, beatsAll, notBetter } from "../../src/training/baseline.ts";
import type { CandidateScores } from "../../src/training/cross_validate.ts";
import { grid, training, trainingParams } from "../../src/training/mod.ts";
import { runInFolder } from "./run_in_folder.ts";

const declared = pipeline("compared", {
  description: "Train what may learn nothing",
  params: trainingParams({}, { data: "data.csv", folds: 3 }),
}, (builder) =>
  void training(builder, {
    name: "compared",
    features: featureSet({
      target: classes("y", ["no", "yes"]),
      columns: { a: number(), b: number(), job: oneHot() },
    }),
    candidates: grid({
      learner: [
        { kind: "kNeighbors", params: { nNeighbors: 3 } },
        { kind: "randomForest", params: { nEstimators: 5 } },
      ],
    }),
    select: "log_loss",
  }));

/** Rows whose class the first column and the job decide, or nothing. */
function rowsOf(learnable: boolean): string {
  const random = new Random(4);
  const rows = Array.from({ length: 240 }, () => {
    const [a, b] = [random.normal(), random.normal()];
    const job = ["Cook", "Smith", "Writer"][random.int(3)];
    const score = learnable ? 4 * a + (job === "Cook" ? 3 : 0) : random.normal();
    return [a.toFixed(4), b.toFixed(4), job, score > 0.5 ? "yes" : "no"].join(",");
  });
  return ["a,b,job,y", ...rows].join("\n");
}

const reportOf = async (folder: string) => {
  const files = await Array.fromAsync(Deno.readDir(folder));
  return await Deno.readTextFile(
    join(folder, files.find(({ name }) => /\.html$/.test(name))!.name),
  );
};

Deno.test("baseline: it is told beside what learned, its columns are inspected", () =>
  runInFolder(declared, rowsOf(true), async ({ status, error, lines, folder, models, tracked }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /Dummy - Log Loss: 0\.6\d/);
    const { metadata } = await latestBundle(models, "compared");
    assert(metadata.candidate!.name !== "Dummy");
    const files = [...await tracked()];
    assert(files.some(([path]) => path.endsWith("metrics/Dummy_log_loss")));
    const report = await reportOf(folder);
    assertMatch(report, /<td>Dummy<\/td>/);
    assertMatch(report, /what is no better than it has learned nothing\./);
    assertMatch(report, /What the score loses without a column/);
    assertMatch(report, /How predictions move with a column/);
    const { column_importance } = metadata.reference_performance!;
    // Neighbours have no Shapley values: what the score loses tells of any model.
    assertAlmostEquals(Object.values(column_importance).reduce((sum, one) => sum + one), 1, 1e-9);
    assert(column_importance.a > column_importance.b && column_importance.job > 0);
  }));

Deno.test("baseline: it is exported if nothing is better, which is told", () =>
  runInFolder(declared, rowsOf(false), async ({ status, error, lines, folder, models }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /Nothing was learned: Dummy, which says the same of every row/);
    const { metadata } = await latestBundle(models, "compared");
    assertEquals(metadata.candidate!.name, "Dummy");
    assertMatch(await reportOf(folder), /learned nothing, as KNeighbors, /);
  }));

Deno.test("baseline: as good is not better, and no figure is worse than none", () => {
  const scored = (name: string, value: number): CandidateScores => ({
    ...{ candidate: { name, learner: { kind: "dummy" } }, params: {}, folds: [] },
    mean: { f1: value, rmse: value },
  });
  const others = [scored("a", 0.5), scored("b", 0.7)];
  const names = (value: number, metric: string) =>
    notBetter(others, scored("Dummy", value), metric).map(({ candidate }) => candidate.name);
  assertEquals([names(0.5, "f1"), names(0.5, "rmse"), names(NaN, "f1")], [["a"], ["a", "b"], []]);
  const beats = (value: number, metric: string) => beatsAll(scored("Dummy", value), others, metric);
  assertEquals([beats(0.7, "f1"), beats(0.71, "f1"), beats(NaN, "f1")], [false, true, false]);
  assertEquals([beats(0.5, "rmse"), beats(0.49, "rmse")], [false, true]);
});

Deno.test("baseline: a dummy of one's own stands for it", () => {
  const forest = { name: "Forest", learner: { kind: "randomForest" } };
  assertEquals(baselineOf("binary", "f1", [forest])?.learner, { kind: "dummy" });
  assertEquals(
    baselineOf("binary", "f1", [{ name: "Most", learner: { kind: "dummy" } }]),
    undefined,
  );
  assertEquals(baselineOf("regression", "mae", [forest])?.learner.params, { strategy: "median" });
});
