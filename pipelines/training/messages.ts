/** What a training says to the person who started it. */

import type { CleanData } from "../../src/features/mod.ts";
import type { CombinationScores } from "./cross_validate.ts";
import type { Saved } from "./export_model.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { TrainingData } from "./training_data.ts";
import type { TrainingRun } from "./training_run.ts";

/** What is about to be trained, and where it will go. */
export function banner(
  { path, digest }: TrainingData,
  { rows, unlabelled }: CleanData,
  params: { models: string; folds: number; combinations: readonly string[] },
): string {
  const left = unlabelled > 0
    ? `, ${unlabelled.toLocaleString("en")} without a label left out`
    : "";
  return [
    "Training the credit-score model",
    `  Data:         ${path} (sha256 ${digest.slice(0, 12)})`,
    `  Rows:         ${rows.toLocaleString("en")}${left}`,
    `  Models:       ${params.models}`,
    `  Folds:        ${params.folds}`,
    `  Combinations: ${params.combinations.length}`,
  ].join("\n");
}

/** The line of a combination. */
export function combinationLine({ combination, mean }: CombinationScores): string {
  return `${combination.name} - F1 Macro: ${mean.f1_macro.toFixed(4)}`;
}

/** The best combination and what holding out whole groups says about it. */
export function verdict(best: CombinationScores, leak: LeakCheck): string {
  return [
    `Best model: ${best.combination.name} (F1 Macro ${leak.random.toFixed(4)})`,
    `Leak check: F1 Macro ${leak.random.toFixed(4)} with random folds, ` +
    `${leak.grouped.toFixed(4)} with whole groups held out`,
    `  ${leak.sentence}`,
  ].join("\n");
}

/** Where everything is, and how long it took. */
export function closing(
  { modelPath, metadataPath, reportPath }: Saved,
  tracking: TrainingRun,
  { experiment, uri, startedAt }: { experiment: string; uri: string; startedAt: Date },
): string {
  return [
    `Saved: ${modelPath}`,
    `  Metadata: ${metadataPath}`,
    `  Report:   ${reportPath}`,
    `MLflow run: ${tracking.parent.id} (${experiment} in ${uri || "./mlruns"})`,
    ...tracking.hints.map((hint) => `  ${hint}`),
    `Total time: ${duration(Date.now() - startedAt.getTime())}`,
    "Training completed successfully!",
  ].join("\n");
}

/** A duration as `1 min 23 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
