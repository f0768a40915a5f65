/** Balances the training rows with one of our samplers. */

import { Random } from "../../src/base/mod.ts";
import { adasyn, borderlineSmote, type Sampler, smote } from "../../src/samplers/mod.ts";
import { answer, measured, readPart, sideArguments } from "./side.ts";

const samplers: Readonly<Record<string, () => Sampler>> = {
  SMOTE: smote,
  ADASYN: adasyn,
  BorderlineSMOTE: borderlineSmote,
};

const { folder, seed, sampler } = sideArguments<{ readonly sampler: string }>();
const train = readPart(folder, "credit", "train");
const { result, ...cost } = await measured(() =>
  samplers[sampler]().sample(train, new Random(seed))
);
answer({ ...cost, quality: result.y.length });
