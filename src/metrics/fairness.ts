/** Whether a decision falls on groups of people alike. */

import { checkBinary, checkPaired, checkWeights } from "./check.ts";

/** How a group is decided on. Rates are NaN if there is nothing to divide by. */
export interface GroupRates<G extends string | number> {
  /** The group. */
  readonly group: G;
  /** Rows of the group; rates of few rows say little. */
  readonly rows: number;
  /** Share of its rows that are positive in truth. */
  readonly baseRate: number;
  /** Share of its rows that are selected (predicted positive). */
  readonly selectionRate: number;
  /** Share of its positives that are selected. */
  readonly truePositiveRate: number;
  /** Share of its negatives that are selected. */
  readonly falsePositiveRate: number;
  /** Share of its rows that are decided right. */
  readonly accuracy: number;
  /** Its selection rate over that of the group selected most often, in [0, 1]. */
  readonly impactRatio: number;
}

/** Rates by group and how far apart they lie. */
export interface FairnessReport<G extends string | number> {
  /** Rates of each group, in the order of their names. */
  readonly groups: readonly GroupRates<G>[];
  /** Greatest difference of selection rates (demographic parity), in [0, 1], 0 is best. */
  readonly demographicParityDifference: number;
  /** Lowest selection rate over the highest (disparate impact), in [0, 1], 1 is best. */
  readonly demographicParityRatio: number;
  /** Greatest difference of true positive rates (equal opportunity), in [0, 1], 0 is best. */
  readonly equalOpportunityDifference: number;
  /** The greater of the differences of true and of false positive rates, in [0, 1], 0 is best. */
  readonly equalizedOddsDifference: number;
  /**
   * Groups selected at less than four fifths of the rate of the group selected
   * most often: the rule of thumb by which disparate impact is suspected.
   */
  readonly belowFourFifths: readonly G[];
}

/**
 * Compares how groups are decided on. "Positive" is the favourable outcome: for
 * several classes give 1 for the classes that are good for the person.
 *
 * A group without positives has no true positive rate (without negatives, no
 * false positive rate) and is left out of differences of it; Fairlearn counts
 * such a rate as 0.
 *
 * Source: Fairlearn `demographic_parity_difference`, `demographic_parity_ratio`,
 * `equal_opportunity_difference`, `equalized_odds_difference`; 29 CFR
 * 1607.4(D) (four-fifths rule).
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param yPred 1 for a selected row, 0 for one that is not, shape [rows].
 * @param groups The group of each row, shape [rows].
 * @param counts How much each row counts, 0 or more, shape [rows]; once if left out.
 * @throws {RangeError} if the lengths differ or are 0, a label is neither 0 nor 1, or counts are
 * not finite numbers of 0 or more, one above 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const groups = ["a", "a", "b", "b", "b", "b"];
 * const report = fairnessReport([1, 0, 1, 0, 0, 1], [1, 0, 1, 0, 0, 0], groups);
 * assertEquals(report.demographicParityDifference, 0.25); // 1 of 2 against 1 of 4
 * assertEquals(report.equalOpportunityDifference, 0.5); // 1 of 1 against 1 of 2
 * assertEquals(report.belowFourFifths, ["b"]);
 * ```
 */
export function fairnessReport<G extends string | number>(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  groups: ArrayLike<G>,
  counts?: ArrayLike<number>,
): FairnessReport<G> {
  const counted = countByGroup(yTrue, yPred, groups, counts);
  const most = counted.reduce((a, b) => b.selected * a.rows > a.selected * b.rows ? b : a);
  const rates = counted.map((of) => ({
    group: of.group,
    rows: of.rows,
    baseRate: of.positives / of.rows,
    selectionRate: of.selected / of.rows,
    truePositiveRate: of.truePositives / of.positives,
    falsePositiveRate: (of.selected - of.truePositives) / (of.rows - of.positives),
    accuracy: (of.rows - of.positives - of.selected + 2 * of.truePositives) / of.rows,
    impactRatio: (of.selected * most.rows) / (most.selected * of.rows),
  }));
  const opportunity = difference(rates.map((rate) => rate.truePositiveRate));
  const falseAlarms = difference(rates.map((rate) => rate.falsePositiveRate));
  return {
    groups: rates,
    demographicParityDifference: difference(rates.map((rate) => rate.selectionRate)),
    demographicParityRatio: Math.min(...rates.map((rate) => rate.impactRatio)),
    equalOpportunityDifference: opportunity,
    equalizedOddsDifference: Math.max(opportunity, falseAlarms),
    // In whole numbers: a rate of exactly four fifths must not fail by rounding.
    belowFourFifths: counted
      .filter((of) => 5 * of.selected * most.rows < 4 * most.selected * of.rows)
      .map((of) => of.group),
  };
}

interface GroupCounts<G> {
  readonly group: G;
  rows: number;
  positives: number;
  selected: number;
  truePositives: number;
}

function countByGroup<G extends string | number>(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  groups: ArrayLike<G>,
  weights?: ArrayLike<number>,
): GroupCounts<G>[] {
  checkPaired(yTrue, yPred, "predictions");
  checkPaired(yTrue, groups, "groups");
  checkWeights(yTrue, weights);
  checkBinary(yTrue);
  checkBinary(yPred);
  const counts = new Map<G, GroupCounts<G>>();
  for (let i = 0; i < yTrue.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (weight === 0) continue;
    const group = groups[i];
    let of = counts.get(group);
    if (of === undefined) {
      of = { group, rows: 0, positives: 0, selected: 0, truePositives: 0 };
      counts.set(group, of);
    }
    of.rows += weight;
    of.positives += weight * yTrue[i];
    of.selected += weight * yPred[i];
    of.truePositives += weight * yTrue[i] * yPred[i];
  }
  return [...counts.values()].sort((a, b) => a.group < b.group ? -1 : 1);
}

/** Greatest less least of the rates that are numbers; 0 if there are none to compare. */
function difference(rates: readonly number[]): number {
  const known = rates.filter((rate) => !Number.isNaN(rate));
  return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
}
