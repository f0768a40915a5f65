/** What a training says to the person who started it. */

import { type CleanData, isClassTarget, isSpanTarget, type Target } from "../features/mod.ts";
import type { CandidateScores } from "./cross_validate.ts";
import type { LeakCheck } from "./leak_check.ts";
import { metricLabel } from "./metric_label.ts";
import type { Folds } from "../splits/mod.ts";
import type { TrainingData } from "./training_data.ts";

/** What is about to be trained, and where it will go. */
export function banner(
  name: string,
  { path, digest }: TrainingData,
  { rows, unlabelled }: CleanData,
  target: Target,
  { test }: Folds,
  params: { models: string; folds: number; candidates: number; trials?: number },
): string {
  const missing = isClassTarget(target) ? "a label" : isSpanTarget(target) ? "spans" : "a value";
  const left = unlabelled > 0
    ? `, ${unlabelled.toLocaleString("en")} without ${missing} left out`
    : "";
  return [
    `Training the ${name} model`,
    `  Data:         ${path} (sha256 ${digest.slice(0, 12)})`,
    `  Rows:         ${rows.toLocaleString("en")}${left}`,
    ...test ? [`  Test part:    ${test.length.toLocaleString("en")} of them`] : [],
    `  Models:       ${params.models}`,
    `  Folds:        ${params.folds}`,
    params.trials === undefined
      ? `  Combinations: ${params.candidates}`
      : `  Trials:       ${params.trials}`,
  ].join("\n");
}

/** The line of a candidate. */
export function candidateLine({ candidate, mean }: CandidateScores, select: string): string {
  return `${candidate.name} - ${metricLabel(select)}: ${mean[select].toFixed(4)}`;
}

/** The best candidate. */
export function bestLine({ candidate, mean }: CandidateScores, select: string): string {
  return `Best model: ${candidate.name} (${metricLabel(select)} ${mean[select].toFixed(4)})`;
}

/** That no candidate is better than saying the same of every row. */
export function nothingLearned(
  best: CandidateScores,
  baseline: CandidateScores,
  select: string,
): string {
  return `Nothing was learned: ${baseline.candidate.name}, which says the same of every row, ` +
    `reaches ${metricLabel(select)} ${baseline.mean[select].toFixed(4)}, and ` +
    `${best.candidate.name} ${best.mean[select].toFixed(4)}`;
}

/** The best candidate and what holding out whole groups says about it. */
export function trainingVerdict(best: CandidateScores, leak: LeakCheck, select: string): string {
  const label = metricLabel(select);
  return [
    bestLine(best, select),
    `Leak check: ${label} ${leak.random.toFixed(4)} with random folds, ` +
    `${leak.grouped.toFixed(4)} with whole groups held out`,
    `  ${leak.sentence}`,
  ].join("\n");
}

/** A duration as `1 min 23 s`. */
export function trainingTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
