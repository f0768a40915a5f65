/** The declaration of a feature set: which raw columns there are and what they hold. */

import { UsageError } from "../base/mod.ts";
import { type ColumnSpec, kindOf } from "./columns/kinds.ts";
import { derivedFault, type DerivedSpec } from "./derived.ts";
import { nameFault } from "./feature_names.ts";
import { type ClassTarget, type Target, targetFault } from "./target.ts";

export type { ColumnSpec } from "./columns/kinds.ts";

/** A declared feature set, plain data. */
export interface FeatureSet<T extends Target = Target> {
  /** The column to predict: its classes, or the range of its values. */
  readonly target: T;
  /** Column that tells which rows belong together, as those of one customer; never a feature. */
  readonly group?: string;
  /**
   * Column that tells how much a row counts in learning and in metrics, 0 or more; never a
   * feature, and no request needs it.
   */
  readonly weight?: string;
  /** Columns that are known and not used. */
  readonly ignore?: readonly string[];
  /** The columns that become features, in the order of the features. */
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** Further features, computed from numeric columns; see `ratio`. */
  readonly derived?: Readonly<Record<string, DerivedSpec>>;
}

/**
 * Declares a feature set. Cleaning, imputation, encoding, the exported graph
 * and the request schema all come from it.
 *
 * @throws {UsageError} if it contradicts itself: fewer than two classes, an
 * empty range of the target, no columns, a column that is also target, group, weight or ignored,
 * levels that repeat,
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
  const { target, group, weight, ignore = [], columns, derived = {} } = set;
  const fault = targetFault(target);
  if (fault !== undefined) throw contradiction(fault);
  if (Object.keys(columns).length === 0) throw contradiction("there is no column");
  const taken = new Map([
    [target.column, "the target"],
    ...ignore.map((n) => [n, "ignored"] as const),
  ]);
  if (group !== undefined) taken.set(group, "the group");
  if (weight !== undefined) {
    const use = taken.get(weight);
    if (use !== undefined) throw contradiction(`column "${weight}" is the weight and also ${use}`);
    taken.set(weight, "the weight");
  }
  for (const [name, spec] of Object.entries(columns)) {
    const use = taken.get(name);
    if (use !== undefined) throw contradiction(`column "${name}" is a feature and also ${use}`);
    const fault = kindOf(spec).check(spec, `column "${name}"`);
    if (fault !== undefined) throw contradiction(fault);
  }
  for (const [name, spec] of Object.entries(derived)) {
    const fault = derivedFault(name, spec, columns);
    if (fault !== undefined) throw contradiction(fault);
  }
  for (const name of [...Object.keys(columns), ...Object.keys(derived)]) {
    const fault = nameFault(name);
    if (fault === undefined) continue;
    throw contradiction(
      `column "${name}" ${fault}`,
      "rename it in the table and in the feature set",
    );
  }
  return set;
}

function contradiction(what: string, next = "correct the declaration"): UsageError {
  return new UsageError(`Cannot declare the feature set: ${what}`, { next });
}
