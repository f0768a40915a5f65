/** The combinations of a sampler and a learner that compete for the best model. */

import { gradientBoosting, type Learner, randomForest } from "../../src/learners/mod.ts";
import {
  adasyn,
  baseline,
  borderlineSmote,
  randomOverSampler,
  type Sampler,
  smote,
} from "../../src/samplers/mod.ts";

const samplers = {
  Baseline: baseline,
  Over: randomOverSampler,
  SMOTE: smote,
  ADASYN: adasyn,
  BorderlineSMOTE: borderlineSmote,
} satisfies Record<string, () => Sampler>;

const learners = {
  RandomForest: (nEstimators) => randomForest({ nEstimators }),
  GradientBoosting: (nEstimators) => gradientBoosting({ nEstimators }),
} satisfies Record<string, (nEstimators: number) => Learner>;

type SamplerName = keyof typeof samplers;
type LearnerName = keyof typeof learners;

/** One sampler with one learner, as plain data. */
export interface Combination {
  /** Both names, as `Over_RandomForest`. */
  readonly name: string;
  readonly sampler: SamplerName;
  readonly learner: LearnerName;
  /** Trees of a random forest, rounds of gradient boosting. */
  readonly nEstimators: number;
}

/** The names of all combinations, learner by learner. */
export const combinationNames: readonly string[] = Object.keys(learners).flatMap((learner) =>
  Object.keys(samplers).map((sampler) => `${sampler}_${learner}`)
);

/** The combinations of these names, their learners as large as given. */
export function combinationsOf(
  { combinations, trees, rounds }: {
    readonly combinations: readonly string[];
    readonly trees: number;
    readonly rounds: number;
  },
): Combination[] {
  return combinations.map((name) => {
    const [sampler, learner] = name.split("_") as [SamplerName, LearnerName];
    const nEstimators = learner === "RandomForest" ? trees : rounds;
    return { name, sampler, learner, nEstimators };
  });
}

/** The sampler of a combination. */
export function samplerOf({ sampler }: Combination): Sampler {
  return samplers[sampler]();
}

/** The learner of a combination. */
export function learnerOf({ learner, nEstimators }: Combination): Learner {
  return learners[learner](nEstimators);
}
