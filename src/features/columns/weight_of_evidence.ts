/** Numbers as the weight of evidence of their bin: how the odds of the second class change in it. */

import { DataError } from "../../base/mod.ts";
import type { NumberColumn } from "../clean_data.ts";
import type { ColumnKind, FitContext, SpecOfKind, StateOfKind } from "./kind.ts";
import { takeNumbers } from "./number_features.ts";
import { eachFold, type FoldOptions, foldsFault } from "./out_of_fold.ts";
import {
  binOf,
  type BinOptions,
  cleanSteps,
  declaredSteps,
  drawStep,
  fitSteps,
  stepBorders,
  stepInput,
  type Steps,
  stepsFault,
  type StepTable,
  stepWriter,
  transformSteps,
  understandsSteps,
} from "./steps.ts";

/** What may be said about a column of weights of evidence. */
export interface WeightOfEvidenceOptions extends BinOptions, FoldOptions {
  /** Rows of each class that are added to each bin, above 0; 0.5 unless it is set. */
  readonly smoothing?: number;
}

/** A column of weights of evidence. */
export interface WeightOfEvidenceSpec
  extends WeightOfEvidenceOptions, SpecOfKind<"weightOfEvidence"> {}

/** A fitted column of weights of evidence. */
export interface WeightOfEvidenceState extends Steps, StateOfKind<"weightOfEvidence"> {
  /** Weight of each bin and at last of missing values, shape [edges + 2]. */
  readonly weights: readonly number[];
}

/**
 * A numeric column in bins, each as
 * `log(((events + s) / (allEvents + 2 s)) / ((others + s) / (allOthers + 2 s)))`,
 * where events are rows of the second of two classes and s is the smoothing.
 * Missing values are a bin of their own; 0 if training has none. Rows that a
 * learner is fitted to get the weights of other folds: give them by
 * `fitTransform`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(weightOfEvidence({ bins: 4 }), { kind: "weightOfEvidence", bins: 4 });
 * ```
 */
export function weightOfEvidence(options: WeightOfEvidenceOptions = {}): WeightOfEvidenceSpec {
  return { kind: "weightOfEvidence", ...options };
}

/** Columns of weights of evidence. */
export const weightOfEvidenceKind: ColumnKind<
  WeightOfEvidenceSpec,
  WeightOfEvidenceState,
  NumberColumn
> = {
  form: "numbers",
  categorical: false,
  check(spec, column) {
    const { smoothing = 0.5 } = spec;
    if (!(smoothing > 0 && smoothing < Infinity)) {
      return `smoothing of ${column} is ${smoothing}, wanted more than 0`;
    }
    return stepsFault(spec, column) ?? foldsFault(spec, column);
  },
  clean: cleanSteps,
  fit(spec, column, context) {
    const steps = fitSteps(spec, context.name, column, context.rows);
    return {
      kind: "weightOfEvidence",
      ...steps,
      weights: weightsOf(spec, steps, column, context, context.rows),
    };
  },
  features: ({ name }) => [name],
  gaps: () => false,
  transform: (state, column, rows, out) =>
    transformSteps(state, evidenceTable(state), column, rows, out),
  transformLearned(spec, state, column, context, out) {
    eachFold(context, spec, (learned, places) => {
      const weights = weightsOf(spec, state, column, context, learned);
      const part = new Float32Array(places.length);
      const rows = places.map((at) => context.rows[at]);
      transformSteps(state, evidenceTable({ weights }), column, rows, part);
      places.forEach((at, i) => out[at] = part[i]);
    });
  },
  bag: null,
  writer: (state, first) => stepWriter(state, evidenceTable(state), first),
  declared: (state) => ({ kind: "weightOfEvidence", ...declaredSteps(state) }),
  understands: understandsSteps,
  input: stepInput,
  raw: (_state, column, rows) => takeNumbers(column, rows),
  borders: stepBorders,
  draw: drawStep,
  example: ({ edges, min, max }) => edges[0] ?? min ?? max ?? 0,
  view: ({ values }) => ({ kind: "number", values }),
};

/** What each bin becomes. */
export function evidenceTable({ weights }: Pick<WeightOfEvidenceState, "weights">): StepTable {
  return weights.map((weight) => [weight]);
}

function weightsOf(
  { smoothing = 0.5 }: WeightOfEvidenceSpec,
  steps: Steps,
  { values }: NumberColumn,
  { target, name }: FitContext,
  rows: Int32Array,
): number[] {
  if (target?.kind !== "classes" || target.classes.length !== 2) {
    throw new DataError(
      `Cannot fit column "${name}": weights of evidence need a target of two classes`,
      { next: "encode the column in another way, or clean the table with its two classes" },
    );
  }
  const bin = binOf(steps);
  const width = steps.edges.length + 2;
  const counts = [new Float64Array(width), new Float64Array(width)];
  for (const row of rows) counts[target.labels[row]][bin(values[row])]++;
  const [others, events] = counts;
  const [allOthers, allEvents] = counts.map((one) => one.reduce((a, b) => a + b, 0));
  return Array.from(events, (count, k) => {
    if (count + others[k] === 0) return 0;
    const share = (count + smoothing) / (allEvents + 2 * smoothing);
    const otherShare = (others[k] + smoothing) / (allOthers + 2 * smoothing);
    return Math.fround(Math.log(share / otherShare));
  });
}
