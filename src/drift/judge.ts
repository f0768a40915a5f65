/** From what was measured of each column to verdicts over all of them. */

import { driftReason } from "./drift_reason.ts";
import type { ColumnMeasure } from "./measure_column.ts";
import { type ColumnDrift, severities, type Severity } from "./result.ts";

/** From which share of moved rows on a shift matters a little, somewhat and a lot. */
const SHIFT_LEVELS = [0.05, 0.1, 0.2] as const;
/** The same of values that go missing and of new categories: a model knows nothing of them. */
const GAP_LEVELS = [0.01, 0.05, 0.2] as const;
/** Effects of columns weigh from half to twice as much by their importance. */
const [LEAST_WEIGHT, MOST_WEIGHT] = [0.5, 2];

/** What was measured, with the column's name and importance. */
export interface Measured {
  readonly column: string;
  /** Share of the model's importance, in [0, 1]; null if it is not known. */
  readonly importance: number | null;
  /** What was measured. */
  readonly measure: ColumnMeasure;
}

/**
 * Judges all columns together. In the preset `calibrated` a test counts where
 * it is significant at the false discovery rate over all tests of all columns
 * and its effect is large enough to matter: with many rows everything is
 * significant.
 *
 * Source: Benjamini and Hochberg, 1995, "Controlling the false discovery rate".
 */
export function judge(
  measured: readonly Measured[],
  falseDiscoveryRate: number,
): ColumnDrift[] {
  const pValues = measured.flatMap(({ measure: { pValue, missing, unseen, verdict } }) => [
    verdict ? null : pValue,
    missing.pValue,
    unseen?.pValue ?? null,
  ]).filter((p) => p !== null);
  const cutOff = benjaminiHochberg(pValues, falseDiscoveryRate);
  const even = 1 / measured.length;
  return measured.map((column) => judgeColumn(column, cutOff, even));
}

/** The greatest p-value that is still a discovery; the least that could be if none is. */
export function benjaminiHochberg(pValues: readonly number[], rate: number): number {
  const sorted = [...pValues].sort((a, b) => a - b);
  let rank = sorted.length;
  while (rank > 1 && sorted[rank - 1] > rate * rank / sorted.length) rank--;
  return rate * Math.max(1, rank) / Math.max(1, sorted.length);
}

function judgeColumn(
  { column, importance, measure }: Measured,
  cutOff: number,
  even: number,
): ColumnDrift {
  const { kind, test, pValue, effect, missing, unseen, verdict, kindChanged } = measure;
  const significant = (p: number | null | undefined) =>
    p !== null && p !== undefined && p <= cutOff;
  const shiftSignificant = verdict ? verdict.drifted : significant(pValue);
  const shifted = verdict ? verdict.drifted : shiftSignificant && (effect ?? 0) >= SHIFT_LEVELS[0];
  const gap = Math.abs(missing.reference - missing.current);
  const missingDrifted = significant(missing.pValue) && gap >= GAP_LEVELS[0];
  const unseenDrifted = unseen !== null && significant(unseen.pValue) &&
    unseen.share >= GAP_LEVELS[0];

  // The root keeps a column of a hundredfold importance from drowning all others.
  const weight = importance === null
    ? 1
    : Math.min(MOST_WEIGHT, Math.max(LEAST_WEIGHT, Math.sqrt(importance / even)));
  const found: Severity[] = [
    kindChanged ? "high" : "none",
    shifted ? level((effect ?? 0) * weight, SHIFT_LEVELS) : "none",
    missingDrifted ? level(gap * weight, GAP_LEVELS) : "none",
    unseenDrifted ? level(unseen.share * weight, GAP_LEVELS) : "none",
  ];
  const drifted = kindChanged || shifted || missingDrifted || unseenDrifted;
  const judged: Omit<ColumnDrift, "note"> = {
    column,
    kind,
    test,
    score: verdict?.score ?? pValue,
    threshold: verdict?.threshold ?? (pValue === null ? null : cutOff),
    p_value: pValue,
    effect,
    distribution_drifted: shifted,
    reference_missing: missing.reference,
    current_missing: missing.current,
    missing_p_value: missing.pValue,
    missing_drifted: missingDrifted,
    unseen: unseen && {
      share: unseen.share,
      count: unseen.count,
      categories: unseen.names,
      p_value: unseen.pValue,
      drifted: unseenDrifted,
    },
    drifted,
    severity: worst(found),
    importance,
    distribution: measure.distribution,
  };
  const small = shiftSignificant && !shifted ? "certain, but too small to matter" : null;
  return { ...judged, note: measure.note ?? (drifted ? driftReason(judged) : small) };
}

/** What drifted matters a little at the least. */
function level(effect: number, levels: typeof SHIFT_LEVELS | typeof GAP_LEVELS): Severity {
  return effect >= levels[2] ? "high" : effect >= levels[1] ? "medium" : "low";
}

/** The greatest of some severities; `none` if there are none. */
export function worst(found: readonly Severity[]): Severity {
  return severities[Math.max(0, ...found.map((severity) => severities.indexOf(severity)))];
}
