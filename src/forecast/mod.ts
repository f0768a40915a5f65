/**
 * Forecasts of series at even steps: baselines, exponential smoothing, theta, decomposition, waves,
 * boosting; the choice among them, many series, sums that agree.
 *
 * @module
 */

export type { Task, TaskContext, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { HolidayPlace } from "../calendar/mod.ts";
export type { Bag, Matrix } from "../dataset/mod.ts";
export type { CategorySets, PackedEnsemble, TreeEnsemble } from "../trees/mod.ts";
export {
  automaticInterval,
  type AutomaticModel,
  type AutomaticOptions,
  type CandidateOptions,
  fitAutomatic,
  forecastAutomatic,
  type PastSaying,
} from "./automatic.ts";
export { type Drift, drift, type SeasonalNaive, seasonalNaive } from "./baselines.ts";
export {
  boosted,
  type BoostedSeries,
  type Boosting,
  type LagLearner,
  type SeriesCalendar,
} from "./boosted.ts";
export {
  type ConformalErrors,
  conformalErrors,
  conformalWidths,
  evenlyThinned,
  type PastErrors,
  pooledConformalErrors,
} from "./conformal.ts";
export type {
  AnyForecastMethod,
  ForecastMethod,
  SeriesModel,
  SlowForecastMethod,
} from "./contract.ts";
export {
  type Decomposed,
  decomposed,
  type DecomposedTheta,
  decomposedTheta,
} from "./decomposed.ts";
export { type Ets, ets, etsWithoutSeason, fitEts, forecastEts } from "./ets.ts";
export { type EtsForm, etsForms } from "./ets_forms.ts";
export { type Harmonic, harmonic } from "./harmonic.ts";
export {
  agreedForecasts,
  type AgreedNode,
  type FittedNode,
  forecastHierarchy,
  hierarchyInterval,
  type HierarchyLeaf,
  type HierarchyNode,
  type HierarchyOptions,
} from "./hierarchy.ts";
export { fitManyAutomatic, type ManyOptions, type ManyResult } from "./many.ts";
export { type Prophet, prophet, type StanInit, type StanOptimizer } from "./prophet.ts";
export {
  dateOfStep,
  type RegularSeries,
  regularSeries,
  type SeriesStep,
  usualSeasons,
} from "./regular_series.ts";
export { agreeing, type Reconciliation } from "./reconcile.ts";
export { refitAutomatic } from "./refit.ts";
export type { ScaledModel } from "./rolling_forecasts.ts";
export { fitsScale, fromScale, guerreroLambda, type SeriesScale, toScale } from "./scale.ts";
export { mstl, stl, type StlParts } from "./stl.ts";
export { totalsByStep, type TotalsOptions } from "./totals_by_step.ts";
export { type Theta, theta } from "./theta.ts";
export type { ThetaState } from "./theta_search.ts";
