/** What made a column drift, in words. */

import type { ColumnDrift } from "./result.ts";

/** Values that are named. */
const NAMED = 3;

/**
 * What made a column drift: a moved distribution, missing values, new categories
 * or values; empty if nothing did.
 */
export function driftReason(column: Omit<ColumnDrift, "note">): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const { kind, effect, unseen } = column;
  const reasons: string[] = [];
  if (column.distribution_drifted) {
    reasons.push(
      effect === null
        ? `${column.test} ${column.score?.toPrecision(3)}`
        : `${percent(effect)} moved`,
    );
  }
  if (column.missing_drifted) {
    reasons.push(
      `missing ${percent(column.reference_missing)} → ${percent(column.current_missing)}`,
    );
  }
  // A distribution that moved takes many values with it; a few are a reason of their own.
  const byMoving = column.distribution_drifted && kind === "number";
  if (unseen?.drifted && !(byMoving && unseen.count > NAMED)) {
    const { share, count, categories } = unseen;
    const names = categories.slice(0, NAMED).join(", ") + (count > NAMED ? ", …" : "");
    const what = kind === "number"
      ? "values that the reference does not have"
      : `${count.toLocaleString("en")} new ${count === 1 ? "category" : "categories"}`;
    reasons.push(`${percent(share)} in ${what} (${names})`);
  }
  return reasons.join(", ");
}
