/** What a model's training claims of the rows to come: of its inputs, its answers and its errors. */

import type { ModelMetadata } from "../../registry/mod.ts";
import type { ColumnStatistics } from "../../drift/mod.ts";
import { levelName } from "../../series/mod.ts";
import { answerKindOf } from "../answers/kinds.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import { claimedShare, type WatchedColumn, watchedColumn } from "./claimed_shares.ts";
import type { ClaimedShare } from "./evidence.ts";

/** Claims of a model, each column by name. */
export interface WatchedClaims {
  readonly inputs: Readonly<Record<string, WatchedColumn>>;
  readonly outputs: Readonly<Record<string, WatchedColumn>>;
  /** Share of wrong answers; undefined if training kept nothing to tell it by. */
  readonly wrong?: { readonly expected: number; readonly claim: ClaimedShare };
  /** Mean chance of being wrong, as probabilities tell it; undefined where there are none. */
  readonly expectedWrong?: ClaimedShare;
}

/** A share of inputs that moves by less does not matter. */
const INPUT_TOLERANCE = 0.02;
/** The same of what the final model says, which is another than those of the folds. */
const OUTPUT_TOLERANCE = 0.05;
/** Of errors. */
const WRONG_TOLERANCE = 0.02;
/** Chance that any claim is wrong because the reference is a sample. */
export const REFERENCE_CHANCE = 0.01;

/** The claims that a model's metadata make. */
export function watchedClaims(model: WatchedModel): WatchedClaims {
  const { metadata, declared } = model;
  const said = Object.entries(answerKindOf(metadata.task)?.kept(model).columns ?? {})
    .filter((entry): entry is [string, ColumnStatistics] =>
      !["target", "error"].includes(entry[0]) && ("count" in entry[1]) &&
      // A text has any number of labels: their shares are no shares of records.
      (metadata.task.kind !== "spans" || entry[1].kind === "number")
    );
  const read = Object.entries(metadata.reference_statistics)
    .filter(([name]) => !declared.opaque.includes(name));
  // Some thirty shares of a column at the most, in both directions.
  const chance = REFERENCE_CHANCE / (60 * (read.length + said.length + 2));
  const watched = (columns: readonly [string, ColumnStatistics][], tolerance: number) =>
    Object.fromEntries(
      columns.map(([name, statistics]) => [name, watchedColumn(statistics, { tolerance, chance })]),
    );
  const wrong = wrongOf(metadata);
  // Being right more often than expected is no harm.
  const claimOf = ({ share, rows }: { share: number; rows: number }, tolerance: number) => ({
    ...claimedShare(share, rows, { tolerance, chance }),
    low: 0,
  });
  return {
    inputs: watched(read, INPUT_TOLERANCE),
    outputs: watched(said, OUTPUT_TOLERANCE),
    ...wrong && {
      wrong: {
        expected: wrong.share,
        claim: claimOf(wrong, WRONG_TOLERANCE),
      },
    },
    ...wrong && metadata.class_labels.length > 0 && {
      expectedWrong: claimOf(wrong, OUTPUT_TOLERANCE),
    },
  };
}

/** How often the model was wrong about rows that training held out, and how many there were. */
function wrongOf({ reference_performance: kept, interval, task }: ModelMetadata) {
  if (kept === undefined || kept.kind === "spans") return undefined;
  if (task.kind === "forecast" && kept.kind === "numbers") {
    // What was promised, and what was kept: the claim is the one that was seen to hold.
    const coverage = kept.quality[`coverage_${levelName(task.levels[0])}`];
    return coverage === undefined ? undefined : { share: 1 - coverage, rows: kept.error.count };
  }
  if (kept.kind === "numbers") {
    return interval && { share: 1 - interval.coverage, rows: kept.error.count };
  }
  if (kept.kind === "scores") {
    const { alert_accuracy } = kept.quality;
    return alert_accuracy === undefined
      ? undefined
      : { share: 1 - alert_accuracy, rows: kept.prediction.count };
  }
  const accuracy = kept.performance.metrics.accuracy.value;
  return accuracy === null ? undefined : { share: 1 - accuracy, rows: kept.performance.rows };
}

/** A label as it is kept, NaN if it is none of the model's. */
export function labelAsNumber(
  { class_labels: classes, task }: ModelMetadata,
  label: string | number,
) {
  if (task.kind === "anomaly") return label === "" ? NaN : Number(String(label) === task.positive);
  if (classes.length === 0) return label === "" ? NaN : Number(label);
  const code = classes.indexOf(String(label));
  return code < 0 ? NaN : code;
}

/**
 * Whether an answer missed its label: another class, a number outside of the interval, an alert
 * about nothing or none about something.
 *
 * @param answer The answer as {@linkcode saidRow} keeps it; of forecasts with both ends.
 */
export function isWrong(
  { class_labels: classes, interval, alert, task }: ModelMetadata,
  label: number,
  answer: readonly number[],
): boolean {
  const [said, lower, upper] = answer;
  if (task.kind === "forecast") {
    return Number.isFinite(lower) && !(label >= lower && label <= upper);
  }
  if (alert !== undefined) return label !== Number(said >= alert.threshold);
  return classes.length > 0
    ? label !== said
    : Math.abs(label - said) > (interval?.half_width ?? Infinity);
}
