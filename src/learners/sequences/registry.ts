/** Learners of sequences by name, made from plain data; adding one is its file and a line here. */

import { checkKnownNames, lookUp } from "../../base/mod.ts";
import { averagedPerceptron } from "./averaged_perceptron.ts";
import type { SequenceLearner } from "./contract.ts";
import { crf } from "./crf.ts";

/** The learners of sequences by their kinds. */
export const sequenceLearnersByKind = { crf, averagedPerceptron };

/** A learner of sequences, as plain data that survives JSON. */
export type SequenceLearnerSpec = {
  [Kind in keyof typeof sequenceLearnersByKind]: {
    /** Which learner. */
    readonly kind: Kind;
    /** Its parameters; defaults if they are left out. */
    readonly params?: Parameters<(typeof sequenceLearnersByKind)[Kind]>[0];
  };
}[keyof typeof sequenceLearnersByKind];

/**
 * Makes the learner of a spec.
 *
 * @throws {UsageError} if its kind, a setting or a parameter is unknown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(sequenceLearnerOf({ kind: "crf" }).name, "Crf");
 * ```
 */
export function sequenceLearnerOf(spec: SequenceLearnerSpec): SequenceLearner {
  const { kind, params, ...others } = spec;
  checkKnownNames("the learner", others, []);
  const make = lookUp("learner of sequences", kind, /* @__CHOSEN__ */ sequenceLearnersByKind);
  return (make as (params?: object) => SequenceLearner)(params);
}
