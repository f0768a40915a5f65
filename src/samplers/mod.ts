/**
 * Balancing the classes of a training set: one file for each method, all behind
 * one contract.
 *
 * @module
 */

export type { Random } from "../base/mod.ts";
export type { Matrix } from "../table/mod.ts";
export { adasyn, type AdasynOptions } from "./adasyn.ts";
export { baseline } from "./baseline.ts";
export { borderlineSmote, type BorderlineSmoteOptions } from "./borderline_smote.ts";
export type { Labelled, Sampled, Sampler } from "./contract.ts";
export { randomOverSampler } from "./random_over_sampler.ts";
export { smote, type SmoteOptions } from "./smote.ts";
