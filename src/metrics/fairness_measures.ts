/** Measures of fairness by name, and the groups that rows belong to. */

import type { FairnessReport } from "./fairness.ts";

/** The name of a measure of fairness. */
export type FairnessMeasure =
  | "demographic_parity_difference"
  | "disparate_impact"
  | "equal_opportunity_difference";

/** What fairness is measured by. */
export const fairnessMeasures: Readonly<
  Record<FairnessMeasure, (report: FairnessReport<string | number>) => number>
> = {
  /** Greatest difference of the groups' shares of favourable decisions, 0 is best. */
  demographic_parity_difference: (report) => report.demographicParityDifference,
  /** Lowest such share over the highest (disparate impact), 1 is best. */
  disparate_impact: (report) => report.demographicParityRatio,
  /** Greatest difference of these shares among those who deserve one, 0 is best. */
  equal_opportunity_difference: (report) => report.equalOpportunityDifference,
};

/**
 * The group of each row: the text of its cell, or between which edges its number lies.
 *
 * @param edges Where one group ends and the next begins, rising; undefined for texts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(groupNames([19, "25", null], [25]), ["below 25", "25 and above", "missing"]);
 * assertEquals(groupNames([" a ", ""]), ["a", "missing"]);
 * ```
 */
export function groupNames(cells: Iterable<unknown>, edges?: readonly number[]): string[] {
  return Array.from(cells, (cell) => {
    const text = cell === null || cell === undefined ? "" : String(cell).trim();
    if (text === "") return "missing";
    return edges === undefined ? text : between(Number(text), edges);
  });
}

function between(value: number, edges: readonly number[]): string {
  if (Number.isNaN(value)) return "missing";
  const at = edges.findIndex((edge) => value < edge);
  if (at === 0) return `below ${edges[0]}`;
  return at < 0 ? `${edges[edges.length - 1]} and above` : `${edges[at - 1]} to ${edges[at]}`;
}
