/** Fits in a worker, which can be stopped even where a loop never ends. */

import { task, UserError } from "../../src/base/mod.ts";
import {
  learnerOf,
  type LearnerSpec,
  predictProba,
  predictValues,
  regressorOf,
  type RegressorSpec,
} from "../../src/learners/mod.ts";
import { degenerate, labelsOf, targetsOf } from "../contracts/degenerate_data.ts";

/** What became of a fit: every prediction a number, or what it was refused with. */
export interface Outcome {
  readonly finite: boolean;
  readonly refused?: string;
}

const outcome = async (predict: () => Promise<Float32Array | Float64Array>): Promise<Outcome> => {
  try {
    return { finite: (await predict()).every(Number.isFinite) };
  } catch (error) {
    if (error instanceof UserError) return { finite: false, refused: error.message };
    throw error;
  }
};

/** Fits a classifier to a degenerate table and predicts it. */
export const classifyTask = task(
  import.meta.url,
  "classifyTask",
  ({ spec, table }: { spec: LearnerSpec; table: string }) =>
    outcome(async () => {
      const X = degenerate[table];
      const model = await learnerOf(spec).fit(X, labelsOf(X), { classes: 2, seed: 1 });
      return await predictProba(model, X);
    }),
);

/** Fits a regression to a degenerate table and predicts it. */
export const regressTask = task(
  import.meta.url,
  "regressTask",
  ({ spec, table }: { spec: RegressorSpec; table: string }) =>
    outcome(async () => {
      const X = degenerate[table];
      return await predictValues(await regressorOf(spec).fit(X, targetsOf(X), { seed: 1 }), X);
    }),
);
