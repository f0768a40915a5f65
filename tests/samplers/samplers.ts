/** The samplers that tests run over, and one that runs in a worker. */

import { Random, task } from "../../src/base/mod.ts";
import {
  adasyn,
  baseline,
  borderlineSmote,
  editedNearestNeighbours,
  type Labelled,
  randomOverSampler,
  randomUnderSampler,
  type Sampled,
  smote,
  smoteN,
  smoteNc,
  smoteTomek,
  tomekLinks,
} from "../../src/samplers/mod.ts";

/** Every sampler with its defaults, by name. */
export const samplers = {
  Baseline: baseline(),
  Over: randomOverSampler(),
  SMOTE: smote(),
  ADASYN: adasyn(),
  BorderlineSMOTE: borderlineSmote(),
  SMOTENC: smoteNc({ categorical: [2, 3] }),
  SMOTEN: smoteN(),
  Under: randomUnderSampler(),
  TomekLinks: tomekLinks(),
  ENN: editedNearestNeighbours(),
  SMOTETomek: smoteTomek(),
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
