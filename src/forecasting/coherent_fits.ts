/** The methods of all series, chosen at once, with totals that agree with their categories. */

import { DataError, type WorkerPool } from "../base/mod.ts";
import {
  agreedForecasts,
  type AgreedNode,
  type AutomaticModel,
  conformalErrors,
  fitManyAutomatic,
  type PastErrors,
  pooledConformalErrors,
  type Reconciliation,
} from "../forecast/mod.ts";
import { monthNumber, type SeriesHistory, seriesName } from "../series/mod.ts";

/** Months of a season. */
export const SEASON = 12;

/** How series are forecast. */
export interface FitSetting {
  /** Months ahead. */
  readonly horizon: number;
  /** Earlier times at which methods are compared. */
  readonly origins: number;
}

/** Who does it, and who hears of it. */
export interface FitRun {
  /** Workers to share the series among. */
  readonly pool: WorkerPool;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** What was chosen. */
export interface CoherentFits {
  /** How totals and categories are made to agree. */
  readonly reconciliation: Reconciliation;
  /** The model of each series, with the errors of what agrees. */
  readonly models: readonly AutomaticModel[];
  /** What each series comes to so that all agree, shape [series][horizon]. */
  readonly means: readonly Float64Array[];
}

/**
 * Chooses the method of each series by rolling origins and fits it to all of it; makes what is said
 * of a total the sum of what is said of its categories, in the way that was nearer at earlier times;
 * and draws intervals by how far that was off. Errors of a category, and of totals, are pooled over
 * all entities.
 *
 * @param series Of each entity the total before its categories.
 * @throws {DataError} if one of them cannot be forecast.
 */
export async function fitCoherently(
  series: readonly Omit<SeriesHistory, "filled">[],
  { horizon, origins }: FitSetting,
  run: FitRun,
): Promise<CoherentFits> {
  const found = await fitManyAutomatic(
    series.map(({ values }) => Float64Array.from(values)),
    { ...run, horizon, origins, seasons: [SEASON], keepPast: true },
  );
  const fitted = series.map(({ entity, category, first, values }, at) => {
    const result = found[at];
    if ("refused" in result) {
      throw new DataError(`${seriesName(entity, category)}: ${result.refused}`);
    }
    return {
      path: category === "" ? [entity] : [entity, category],
      first: monthNumber(first)!,
      y: Float64Array.from(values),
      model: result.model,
    };
  });
  const byEntity = [...Map.groupBy(fitted.keys(), (at) => series[at].entity).values()];
  const { reconciliation, hierarchies } = agreedForecasts(
    byEntity.map((places) => places.map((at) => fitted[at])),
    horizon,
  );
  const agreed: AgreedNode[] = [];
  byEntity.forEach((places, k) => places.forEach((at, i) => agreed[at] = hierarchies[k][i]));
  const models = fitted.map(({ model: { said: _, ...model } }) => model);
  for (const places of Map.groupBy(agreed.keys(), (at) => series[at].category).values()) {
    const known = places.flatMap((at) => {
      const { past } = agreed[at];
      return past === undefined ? [] : [{ at, past }];
    });
    const alike = known.filter(({ past }) => isPositive(past));
    const pooled = alike.length < 2 ? [] : pooledConformalErrors(alike.map(({ past }) => past));
    const shared = new Map(pooled.map((errors, k) => [alike[k].at, errors]));
    for (const { at, past } of known) {
      const relative = isPositive(past) && models[at].past?.relative === true;
      models[at] = { ...models[at], past: shared.get(at) ?? conformalErrors(past, relative) };
    }
  }
  return { reconciliation, models, means: agreed.map(({ mean }) => mean) };
}

/** Whether errors can be told as shares of the forecasts. */
function isPositive({ said }: PastErrors): boolean {
  return said.every((own) => own.every((value) => value > 0));
}
