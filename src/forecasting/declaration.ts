/** The declaration of a training of forecasts. */

import { z } from "zod";
import {
  category,
  date,
  type FeatureSet,
  featureSet,
  value,
  type ValueTarget,
} from "../features/mod.ts";
import type { FeatureView } from "../feature_store/mod.ts";
import type { FileOptions, ParamsSchema } from "../pipeline/mod.ts";
import { monthColumn, MOST_MONTHS_AHEAD, type SeriesSpec } from "../series/mod.ts";
import {
  type ByParams,
  type CommonParams,
  type MetricGate,
  type OwnSchemas,
  type ParamsWith,
  type TrainingDefaults,
  trainingParams,
} from "../training/mod.ts";

/** The parameters that every training of forecasts has. */
export interface ForecastParams extends CommonParams {
  /** Months ahead. */
  readonly horizon: number;
  /** Share of values that the first interval is to hold. */
  readonly level: number;
  /** Earlier times at which methods are compared, for each series. */
  readonly origins: number;
}

/** A training of forecasts: which events, and what they must reach. */
export interface ForecastDeclaration<Params = unknown> {
  /** Name of the model, letters, digits and `-`, as `spending`. */
  readonly name: string;
  /** What the columns of the events stand for. */
  readonly series: SeriesSpec;
  /** How the data file comes to be. */
  readonly data?: {
    /** Makes the file where it is missing. */
    readonly make?: FileOptions["make"];
  };
  /**
   * Who brings what is known of entities by now to the feature store, from which servers go on: a
   * pipeline of {@linkcode historySteps}, or requests; nobody if it is left out.
   */
  readonly history?: FeatureView["source"];
  /** What the forecasts must reach to be published, by metric, as `mase` or `coverage_80`. */
  readonly gates?: ByParams<Params, Readonly<Record<string, MetricGate>>>;
  /** What the tracked run is called; `training_<moment>` if it is left out. */
  readonly run?: string;
}

const own = {
  horizon: z.int().min(1).max(MOST_MONTHS_AHEAD).default(12).describe("Months ahead"),
  level: z.number().gt(0).lt(1).default(0.8)
    .describe("Share of values that the interval is to hold, beside one of 0.95"),
  origins: z.int().min(2).max(24).default(4)
    .describe("Earlier times at which the methods of a series are compared"),
  folds: z.int().min(1).max(24).default(2)
    .describe("Earlier times at which the whole choice is judged, half a horizon apart"),
};

/**
 * The parameters of a training of forecasts: those that all have, and its own. Its folds are
 * rolling origins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const checked = forecastParams({}, { data: "spent.csv" }).safeParse({ horizon: 6 });
 * const { horizon, level, folds } = checked.success ? checked.data : {};
 * assertEquals([horizon, level, folds], [6, 0.8, 2]);
 * ```
 */
export function forecastParams<More extends OwnSchemas = Record<never, never>>(
  more: More = {} as More,
  defaults: TrainingDefaults = {},
): ParamsSchema<ParamsWith<More> & ForecastParams> {
  return trainingParams({ ...own, ...more }, defaults) as unknown as ParamsSchema<
    ParamsWith<More> & ForecastParams
  >;
}

/** A table of months as promotions and monitoring read it: who, in which category, and when. */
export function seriesFeatures(
  { entity, category: what, amount }: SeriesSpec,
): FeatureSet<ValueTarget> {
  return featureSet({
    target: value(amount),
    columns: {
      [entity]: category({ description: "whose series it is" }),
      ...what !== undefined && {
        [what]: category({ description: "its category; missing for the total" }),
      },
      [monthColumn]: date({ parts: ["year", "month"], description: "first day of the month" }),
    },
  });
}
