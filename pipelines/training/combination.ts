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
}

/** All combinations, learner by learner. */
export const combinations: readonly Combination[] = (Object.keys(learners) as LearnerName[])
  .flatMap((learner) =>
    (Object.keys(samplers) as SamplerName[]).map((sampler) => ({
      name: `${sampler}_${learner}`,
      sampler,
      learner,
    }))
  );

/** The sampler of a combination. */
export function samplerOf({ sampler }: Combination): Sampler {
  return samplers[sampler]();
}

/** The learner of a combination, with the given number of trees or rounds. */
export function learnerOf({ learner }: Combination, nEstimators: number): Learner {
  return learners[learner](nEstimators);
}
