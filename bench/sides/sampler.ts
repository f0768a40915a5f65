/** Balances the training rows with one of our samplers. */

import { Random, WorkerPool } from "../../src/base/mod.ts";
import { adasyn, borderlineSmote, type Sampler, smote } from "../../src/samplers/mod.ts";
import { answer, measured, readPart, sideArguments } from "./side.ts";

const samplers: Readonly<Record<string, () => Sampler>> = {
  SMOTE: smote,
  ADASYN: adasyn,
  BorderlineSMOTE: borderlineSmote,
};

const { folder, seed, threads, sampler } = sideArguments<{ readonly sampler: string }>();
const train = readPart(folder, "credit", "train");
await using pool = new WorkerPool(threads);
const { result, ...cost } = await measured(() =>
  samplers[sampler]().sample(train, new Random(seed), { pool })
);
answer({ ...cost, quality: result.y.length });
