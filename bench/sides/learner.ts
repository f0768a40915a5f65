/** Fits one of our learners, or predicts with it, and scores it on held-out rows. */

import { WorkerPool } from "../../src/base/mod.ts";
import {
  gradientBoosting,
  type GradientBoostingParams,
  type Learner,
  predict,
  predictProba,
  randomForest,
  type RandomForestParams,
} from "../../src/learners/mod.ts";
import { classificationReport, logLoss } from "../../src/metrics/mod.ts";
import { answer, measured, readPart, readShape, sideArguments } from "./side.ts";

/** What the suite sets. */
interface LearnerOptions {
  readonly data: string;
  readonly learner: "RandomForest" | "GradientBoosting";
  readonly params: RandomForestParams & GradientBoostingParams;
  readonly task: "fit" | "predict";
}

const learners: Record<LearnerOptions["learner"], (params: LearnerOptions["params"]) => Learner> = {
  RandomForest: randomForest,
  GradientBoosting: gradientBoosting,
};

const { folder, threads, seed, ...options } = sideArguments<LearnerOptions>();
const { classes } = readShape(folder, options.data);
const train = readPart(folder, options.data, "train");
const test = readPart(folder, options.data, "test");
const learner = learners[options.learner](options.params);

await using pool = new WorkerPool(threads);
const fit = () => learner.fit(train.X, train.y, { classes, seed, pool });

if (options.task === "fit") {
  const { result: model, ...cost } = await measured(fit);
  const quality = options.learner === "RandomForest"
    ? classificationReport(test.y, await predict(model, test.X, pool), classes).f1_macro
    : logLoss(test.y, await predictProba(model, test.X, pool), classes);
  answer({ ...cost, quality });
} else {
  const model = await fit();
  const { result, ...cost } = await measured(() => predict(model, test.X, pool));
  answer({ ...cost, quality: classificationReport(test.y, result, classes).f1_macro });
}
