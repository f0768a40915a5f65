/** The page about a training run: which combination won, by how much, where it errs. */

import { dotFigure, page, type Section } from "../../src/report/mod.ts";
import type { CombinationScores } from "./cross_validate.ts";
import type { Findings } from "./findings.ts";

/** Writes the page as one self-contained HTML text. */
export function trainingReport(
  findings: Findings,
  card: readonly Section[],
  version: string,
): Promise<string> {
  const { source, experiment, best, leak, scores } = findings;
  const lead = `${best.combination.name} is the best of ${scores.length} combinations on ` +
    `${experiment.data.rows.toLocaleString("en")} rows of ${source.path}: macro-F1 ${
      best.mean.f1_macro.toFixed(4)
    }, ` +
    `the mean of ${best.folds.length} folds. With whole groups held out it is ` +
    `${leak.grouped.toFixed(4)}. ${leak.sentence}.`;
  return page(`Training ${version}`, lead, [comparison(scores), ...card]);
}

function comparison(scores: readonly CombinationScores[]): Section {
  const ranked = [...scores].sort((a, b) => b.mean.f1_macro - a.mean.f1_macro);
  return {
    title: "Combinations",
    text:
      "Means over the folds, best first. A training score far above the macro-F1 is usual for " +
      "fully grown forests.",
    table: {
      head: ["Combination", "Macro-F1", "Accuracy", "Precision", "Recall", "Training macro-F1"],
      rows: ranked.map(({ combination, mean }) => [
        combination.name,
        mean.f1_macro,
        mean.accuracy,
        mean.precision_macro,
        mean.recall_macro,
        mean.train_f1_macro,
      ]),
    },
    figures: [dotFigure(
      "Macro-F1 by combination, with one standard deviation over the folds",
      "Macro-F1",
      ranked.map((scored) => ({
        label: scored.combination.name,
        value: scored.mean.f1_macro,
        error: deviation(scored.folds.map((fold) => fold.f1_macro)),
      })),
    )],
  };
}

/** Sample standard deviation. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
