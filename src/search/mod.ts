/**
 * Search over parameters: distributions as plain data, ways of choosing and of giving up,
 * trials generation by generation, and what each parameter mattered. Knows no learner.
 *
 * @module
 */

export type { Random } from "../base/mod.ts";
export type { Matrix } from "../dataset/mod.ts";
export type { TreeEnsemble } from "../trees/mod.ts";
export {
  categorical,
  type CategoricalDistribution,
  checkSpace,
  type Condition,
  type Distribution,
  float,
  type FloatDistribution,
  int,
  type IntDistribution,
  isActive,
  isDistribution,
  logFloat,
  type Parameters,
  type ParameterValue,
  type Space,
  when,
} from "./distributions.ts";
export { type Axis, type EncodedTrials, encodeTrials } from "./encode.ts";
export { fanova } from "./fanova.ts";
export {
  checkPlan,
  generations,
  isHopeless,
  parametersOf,
  searchFunction,
  type SearchPlan,
  type TrialContext,
} from "./plan.ts";
export { type PrunerChoice, type ReadyPruner, trialPruner } from "./pruners/pruners.ts";
export type { JudgedTrial } from "./pruners/contract.ts";
export type { HyperbandOptions } from "./pruners/hyperband.ts";
export type { MedianOptions } from "./pruners/median.ts";
export type { Asked } from "./samplers/contract.ts";
export type { GridOptions } from "./samplers/grid.ts";
export { type ReadySampler, type SamplerChoice, trialSampler } from "./samplers/samplers.ts";
export type { TpeOptions } from "./samplers/tpe.ts";
export { bestTrial, type Direction, loss, type Report, type Trial } from "./trial.ts";
