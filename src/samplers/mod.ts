/**
 * Balancing the classes of a training set: one file for each method, all behind
 * one contract.
 *
 * @module
 */

export type { Random, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { Matrix } from "../dataset/mod.ts";
export { adasyn, type AdasynOptions } from "./adasyn.ts";
export { baseline } from "./baseline.ts";
export { borderlineSmote, type BorderlineSmoteOptions } from "./borderline_smote.ts";
export type { Labelled, Sampled, SampleOptions, Sampler } from "./contract.ts";
export {
  editedNearestNeighbours,
  type EditedNearestNeighboursOptions,
} from "./edited_nearest_neighbours.ts";
export { randomOverSampler } from "./random_over_sampler.ts";
export { randomUnderSampler } from "./random_under_sampler.ts";
export { samplerKinds, samplerOf, samplersByKind, type SamplerSpec } from "./registry.ts";
export { smote, type SmoteOptions } from "./smote.ts";
export { smoteN, type SmoteNOptions } from "./smote_n.ts";
export { smoteNc, type SmoteNcOptions } from "./smote_nc.ts";
export { smoteTomek } from "./smote_tomek.ts";
export { tomekLinks } from "./tomek_links.ts";
