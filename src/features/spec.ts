/** The declaration of a feature set: which raw columns there are and what they hold. */

import { UsageError } from "../base/mod.ts";
import type { MultiHotSpec } from "./columns/multi_hot.ts";
import type { NumberSpec } from "./columns/number.ts";
import type { OneHotSpec } from "./columns/one_hot.ts";
import type { OrdinalSpec } from "./columns/ordinal.ts";
import type { YearsAndMonthsSpec } from "./columns/years_and_months.ts";
import { type ClassTarget, type Target, targetFault } from "./target.ts";

/** What a raw column holds. */
export type ColumnSpec =
  | NumberSpec
  | YearsAndMonthsSpec
  | OrdinalSpec
  | OneHotSpec
  | MultiHotSpec;

/** A declared feature set, plain data. */
export interface FeatureSet<T extends Target = Target> {
  /** The column to predict: its classes, or the range of its values. */
  readonly target: T;
  /** Column that tells which rows belong together, as those of one customer; never a feature. */
  readonly group?: string;
  /** Columns that are known and not used. */
  readonly ignore?: readonly string[];
  /** The columns that become features, in the order of the features. */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
}

/**
 * Declares a feature set. Cleaning, imputation, encoding, the exported graph
 * and the request schema all come from it.
 *
 * @throws {UsageError} where it contradicts itself: fewer than two classes, an
 * empty range of the target, no columns, a column that is also target, group or ignored, levels that repeat,
 * or a range that is empty.
 *
 * @example
 * ```ts
 * import { featureSet, number, oneHot } from "./mod.ts";
 * const features = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   group: "Customer",
 *   ignore: ["Name"],
 *   columns: { Age: number({ min: 14, max: 100 }), Occupation: oneHot({ missing: ["_"] }) },
 * });
 * ```
 */
export function featureSet<T extends Target = ClassTarget>(set: FeatureSet<T>): FeatureSet<T> {
  const { target, group, ignore = [], columns } = set;
  const fault = targetFault(target);
  if (fault !== undefined) throw contradiction(fault);
  if (Object.keys(columns).length === 0) throw contradiction("there is no column");
  const taken = new Map([
    [target.column, "the target"],
    ...ignore.map((n) => [n, "ignored"] as const),
  ]);
  if (group !== undefined) taken.set(group, "the group");
  for (const [name, spec] of Object.entries(columns)) {
    const use = taken.get(name);
    if (use !== undefined) throw contradiction(`column "${name}" is a feature and also ${use}`);
    if (spec.kind === "ordinal" && new Set(spec.levels).size < Math.max(2, spec.levels.length)) {
      throw contradiction(`levels of column "${name}" must be two or more, all different`);
    }
    if (spec.kind === "number" || spec.kind === "yearsAndMonths") {
      const { min = -Infinity, max = Infinity } = spec;
      if (!(min < max)) throw contradiction(`range of column "${name}" is empty: ${min} to ${max}`);
    }
  }
  return set;
}

function contradiction(what: string): UsageError {
  return new UsageError(`Cannot declare the feature set: ${what}`, {
    next: "correct the declaration",
  });
}
