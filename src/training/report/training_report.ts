/** The page about a training run: which candidate won, by how much, if it errs. */

import { dotFigure, page, type Section } from "../../report/mod.ts";
import {
  type CandidateScores,
  isLeftOut,
  isScored,
  rank,
  type SkippedCandidate,
} from "../cross_validate.ts";
import { notBetter } from "../baseline.ts";
import { searchSections } from "./search_sections.ts";
import type { Scoring } from "../experiment.ts";
import type { Findings } from "../findings.ts";
import { metricLabel } from "../metric_label.ts";

/** Writes the page as one self-contained HTML text. */
export function trainingReport(
  findings: Findings,
  card: readonly Section[],
  version: string,
): Promise<string> {
  const { source, experiment, best, leak, scores, scoring, test, gates, search, nested } = findings;
  const baseline = findings.nothing?.find(isScored);
  const { select } = scoring;
  const label = metricLabel(select);
  const competed = search ? `${search.trials.length} trials` : `${scores.length} combinations`;
  const isBest = search === undefined || search.chosen === search.best;
  const lead = `${best.candidate.name} is ${isBest ? "the best" : "chosen"} of ${competed} on ` +
    `${experiment.data.rows.toLocaleString("en")} rows of ${source.path}: ${label} ${
      best.mean[select].toFixed(4)
    }, the mean of ${best.folds.length} folds.` +
    (leak === undefined
      ? ""
      : ` With whole groups held out it is ${leak.grouped.toFixed(4)}. ${leak.sentence}.`) +
    (test === undefined ? "" : ` On the test part it is ${test[select].toFixed(4)}.`);
  const tone = gates === undefined ? undefined : gates.missed.length > 0 ? "bad" : "good";
  const compared = search ? searchSections(search, nested, select) : [];
  return page(
    `Training ${version}`,
    lead,
    [comparison(scores, baseline, scoring), ...compared, ...card],
    tone,
  );
}

function comparison(
  all: readonly (CandidateScores | SkippedCandidate)[],
  baseline: CandidateScores | undefined,
  { metrics, select }: Scoring,
): Section {
  const ranked = rank([...all.filter(isScored), ...baseline ? [baseline] : []], select);
  const left = all.filter(isLeftOut);
  const shown = [select, ...metrics.filter((name) => name !== select)];
  const train = `train_${select}`;
  return {
    title: "Combinations",
    text:
      "Means over the folds, best first. A training score far above the held-out one is usual " +
      "for fully grown forests." +
      (baseline === undefined ? "" : aboutBaseline(all, baseline, select)) +
      left.map(({ candidate, failure }) => ` ${candidate.name} was left out: ${failure}.`).join(""),
    table: {
      head: ["Combination", ...shown.map(metricLabel), `Training ${metricLabel(select)}`],
      rows: ranked.map(({ candidate, mean }) => [
        candidate.name,
        ...shown.map((name) => mean[name]),
        mean[train],
      ]),
    },
    figures: [dotFigure(
      `${metricLabel(select)} by combination, with one standard deviation over the folds`,
      metricLabel(select),
      ranked.map((scored) => ({
        label: scored.candidate.name,
        value: scored.mean[select],
        error: deviation(scored.folds.map(({ metrics }) => metrics[select])),
      })),
    )],
  };
}

function aboutBaseline(
  all: readonly (CandidateScores | SkippedCandidate)[],
  baseline: CandidateScores,
  select: string,
): string {
  const names = notBetter(all, baseline, select).map(({ candidate }) => candidate.name);
  return ` ${baseline.candidate.name} says the same of every row: what is no better than it has ` +
    `learned nothing` + (names.length === 0 ? "." : `, as ${names.join(", ")}.`);
}

/** Sample standard deviation. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
