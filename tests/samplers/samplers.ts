/** The samplers that tests run over, and one that runs in a worker. */

import { Random, task } from "../../src/base/mod.ts";
import {
  adasyn,
  baseline,
  borderlineSmote,
  type Labelled,
  randomOverSampler,
  type Sampled,
  smote,
} from "../../src/samplers/mod.ts";

/** Every sampler with its defaults, by name. */
export const samplers = {
  Baseline: baseline(),
  Over: randomOverSampler(),
  SMOTE: smote(),
  ADASYN: adasyn(),
  BorderlineSMOTE: borderlineSmote(),
};

/** Name of a sampler. */
export type SamplerName = keyof typeof samplers;

/** Samples in a worker. */
export const sampleTask = task(
  import.meta.url,
  "sampleTask",
  async (
    { name, data, seed }: { name: SamplerName; data: Labelled; seed: number },
  ): Promise<Sampled> => await samplers[name].sample(data, new Random(seed)),
);
