/** Whether the model is not worse than the champion on rows that it never learned from. */

import { DataError, UsageError } from "../../base/mod.ts";
import { compareOnRows, type Comparison } from "../compare_models.ts";
import { withoutChampion } from "./schema.ts";
import type { Check, ModelOnTrial } from "./contract.ts";

/** How a comparison is told. */
export function comparisonText(
  { metric, candidate, champion, gain, low, high, rows, drawn }: Comparison,
): string {
  const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
  return `${metric} ${candidate.toFixed(4)} against ${champion.toFixed(4)}: ${signed(gain)} ` +
    `[${signed(low)}, ${signed(high)}] on ${rows} rows` +
    (drawn === "groups" ? ", whole groups drawn" : "");
}

/** By how much the metric itself may be worse. */
export function marginOf(
  { direction, champion }: Comparison,
  tolerance: number,
): number {
  return direction === "lower" ? tolerance * Math.abs(champion) : tolerance;
}

/** Compares both by the paired interval of the difference. */
export const notWorse: Check = {
  name: "champion",
  async look(trial: ModelOnTrial) {
    const { candidate, champion, championFault, standing, heldOut, tolerance, metric } = trial;
    if (championFault !== undefined) return { passed: false, found: championFault };
    if (champion === undefined) return { found: `not checked: ${withoutChampion(standing)}` };
    if ("reason" in heldOut) {
      return {
        passed: false,
        found: `no rows to compare with the champion on: ${heldOut.reason}; give them with ` +
          "--data FILE",
      };
    }
    let comparison: Comparison;
    try {
      comparison = await compareOnRows(candidate, champion, heldOut.table, metric);
    } catch (error) {
      if (error instanceof UsageError || !(error instanceof DataError)) throw error;
      return { passed: false, found: `${heldOut.basis} cannot be used: ${error.message}` };
    }
    const margin = marginOf(comparison, tolerance);
    const told = comparisonText(comparison);
    if (comparison.low >= -margin) return { passed: true, found: told };
    // Written so that an interval that is no number refuses.
    const sure = comparison.high < -margin
      ? "it is worse"
      : `it may be worse by more than ${margin.toPrecision(2)}; more rows (--data), or a wider ` +
        "--tolerance, may tell";
    return { passed: false, found: `${told}: ${sure}` };
  },
};
