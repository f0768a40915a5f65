/** From probabilities to classes, by a decision if there is one. */

import { mostProbable } from "../trees/mod.ts";

/** When a probability asks for action. */
export interface Decision {
  /** The probability from which on to act, in [0, 1]. */
  readonly threshold: number;
  /** The class whose probability it is. */
  readonly label: string;
  /** What each kind of error costs, where the threshold was chosen by costs. */
  readonly costs?: { readonly falsePositive: number; readonly falseNegative: number };
}

/** From which probability on a row counts as a class. */
export type DecisionRule = Pick<Decision, "threshold" | "label">;

/**
 * The class that each row counts as: of two classes the one that is decided about
 * from its threshold on, the other one below; without a decision the most probable.
 *
 * @param probabilities Class by class, shape [classes × rows].
 * @param classes Names of the classes.
 * @returns Codes of the classes, shape [rows].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const probabilities = Float32Array.of(0.7, 0.2, 0.3, 0.8);
 * assertEquals([...decidedClasses(probabilities, ["no", "yes"])], [0, 1]);
 * const early = { threshold: 0.25, label: "yes" };
 * assertEquals([...decidedClasses(probabilities, ["no", "yes"], early)], [1, 1]);
 * ```
 */
export function decidedClasses(
  probabilities: Float32Array | Float64Array,
  classes: readonly string[],
  rule?: DecisionRule,
): Int32Array {
  const rows = probabilities.length / classes.length;
  const code = classes.indexOf(rule?.label ?? "");
  if (rule === undefined || classes.length !== 2 || code < 0) {
    return mostProbable(probabilities, rows);
  }
  const found = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    found[i] = probabilities[code * rows + i] >= rule.threshold ? code : 1 - code;
  }
  return found;
}
