/** What the tasks of two and of several classes have in common. */

import { DataError, deriveSeed, Random, UsageError } from "../../base/mod.ts";
import { type FeatureSet, transform } from "../../features/mod.ts";
import {
  categoryStatistics,
  classificationQuality,
  type ClassifierPredictions,
  type ColumnStatistics,
  type ColumnValues,
  numericStatistics,
  ofSeveralModels,
  referencePerformance,
} from "../../drift/mod.ts";
import {
  type Classifier,
  learnerOf,
  type LearnerSpec,
  predict,
  predictProba,
} from "../../learners/mod.ts";
import { checkParity, onnxInputs } from "../../onnx_runtime/mod.ts";
import { exportOnnx } from "../../onnx/mod.ts";
import { decidedClasses, taskOfLabels } from "../../registry/mod.ts";
import { samplerOf } from "../../samplers/mod.ts";
import type { ComparisonData } from "../experiment.ts";
import { type HeldOut, ofClass, type OutOfFold } from "../held_out.ts";
import { classesOf, classInput, refitClasses, scoreClasses } from "./fit_classes.ts";
import { classSections } from "../sections/class_sections.ts";
import type { Section } from "../../report/mod.ts";
import type { CardParts, TrainingTask } from "./contract.ts";

type Common = Pick<
  TrainingTask,
  | "trackedAs"
  | "splits"
  | "checkCandidate"
  | "check"
  | "score"
  | "refit"
  | "predict"
  | "metricInput"
  | "describe"
  | "export"
  | "checkParity"
  | "outputs"
  | "scoreNames"
  | "reference"
  | "sections"
>;

/** The held-out predictions as figures of classes take them. */
export function heldClasses({ data }: ComparisonData, { rows, predictions }: HeldOut): OutOfFold {
  const labels = rows.map((row) => data.labels![row]);
  return { labels, probabilities: Float32Array.from(predictions) };
}

const names = (set: FeatureSet) => classesOf({ set });

/** Refuses rows that lack a class. */
export function checkClasses(experiment: ComparisonData): void {
  const classes = classesOf(experiment);
  const counts = new Int32Array(classes.length);
  for (const label of experiment.data.labels!) counts[label]++;
  const empty = classes.filter((_, k) => counts[k] === 0);
  if (empty.length === 0) return;
  throw new DataError(
    `Cannot learn the classes: there is no row of ${empty.join(", ")} (rows by class: ${
      classes.map((name, k) => `${name} ${counts[k]}`).join(", ")
    })`,
    { next: "add rows of it, or take it out of the target's classes" },
  );
}

/** The sections of the report about predicted classes. */
export function sectionsOfClasses({ experiment, held }: CardParts): readonly Section[] {
  return classSections(heldClasses(experiment, held), classesOf(experiment), experiment.seed);
}

/** The members that do not depend on how many classes there are. */
export const ofClasses: Common = {
  trackedAs: { precision_macro: "precision", recall_macro: "recall" },
  splits: ["stratified", "plain", "grouped", "stratifiedGrouped", "time"],
  checkCandidate({ learner: { monotone: _, ...learner }, sampler }) {
    learnerOf(learner as LearnerSpec);
    if (sampler !== undefined) samplerOf(sampler);
  },
  check: checkClasses,
  score: scoreClasses,
  refit: refitClasses,
  predict: async ({ state, model }, data, rows) =>
    await predictProba(model as Classifier, transform(state, data, rows)),
  metricInput: (experiment, { rows, predictions }) => classInput(experiment, rows, predictions),
  describe(set) {
    const task = taskOfLabels(names(set));
    const { positive } = set.target as { readonly positive?: string };
    return {
      task: task.kind === "binary" && positive !== undefined ? { ...task, positive } : task,
      class_labels: names(set),
    };
  },
  export: ({ state, model }, set, about) =>
    exportOnnx({ state, classifier: model as Classifier, labels: names(set), ...about }),
  async checkParity(bytes, { state, model }, rows) {
    const X = transform(state, rows);
    await checkParity({
      bytes,
      inputs: onnxInputs(state, rows),
      labels: await predict(model as Classifier, X),
      probabilities: await predictProba(model as Classifier, X),
    });
  },
  outputs: (set) => [
    { name: "label", type: "string" },
    ...names(set).map((label) => ({ name: `probability_${label}`, type: "float" as const })),
  ],
  // Boosting of two classes has one score: that of the second class.
  scoreNames: (set, count) => names(set).slice(-count),
  reference(experiment, heldOut, { decision }, importance) {
    const classes = classesOf(experiment);
    const held = heldClasses(experiment, heldOut);
    const groups = groupsOf(experiment, heldOut);
    const { probabilities } = held;
    const codes = decidedClasses(probabilities, classes);
    const predictions: ClassifierPredictions = {
      classes: classes.length,
      predicted: decision === undefined ? codes : decidedClasses(probabilities, classes, decision),
      probabilities,
    };
    const { models } = heldOut;
    // What is said of rows to come is said by one more model than those of the folds.
    const said = <S extends ColumnStatistics>(statistics: S, column: ColumnValues): S =>
      models === undefined ? statistics : ofSeveralModels(statistics, column, models);
    const random = new Random(deriveSeed(experiment.seed, 5));
    return {
      performance: referencePerformance(held.labels, predictions, random),
      quality: classificationQuality(held.labels, predictions),
      ...decision && { decided: { threshold: decision.threshold, label: decision.label } },
      target: categoryStatistics(held.labels, classes, groups),
      prediction: said(
        categoryStatistics(codes, classes, groups),
        { kind: "category", codes, vocabulary: classes },
      ),
      probabilities: Object.fromEntries(classes.map((label, k) => {
        const values = Float64Array.from(ofClass(held, k).probability);
        return [label, said(numericStatistics(values, groups), { kind: "number", values })];
      })),
      column_importance: importance,
    };
  },
  sections: sectionsOfClasses,
};

/** Groups of held-out rows. */
export function groupsOf(
  { data: { groups } }: ComparisonData,
  { rows }: HeldOut,
): Int32Array | undefined {
  return groups && rows.map((row) => groups[row]);
}

/** Refuses wishes that only another task can fulfil. */
export function refuseWish(wish: string, wanted: string): never {
  throw new UsageError(`Cannot use ${wish}: it is for ${wanted}`, { next: "leave it out" });
}
