/** A file of series with the methods that forecast them: plain JSON, read and written whole. */

import { ModelError } from "../base/mod.ts";
import type { AutomaticModel, Reconciliation } from "../forecast/mod.ts";
import { monthNumber } from "./month.ts";
import type { SeriesHistory } from "./series_history.ts";
import type { SeriesSpec } from "./spec.ts";

/** A series with what forecasts it. */
export interface ForecastSeries extends Omit<SeriesHistory, "filled"> {
  /** The methods that were nearest, fitted to all of it, and how far off they were. */
  readonly model: AutomaticModel;
}

/** What the model file of a forecast holds. */
export interface ForecastFile {
  /** What its columns stand for. */
  readonly spec: SeriesSpec;
  /** Steps ahead that are answered unless a request says otherwise. */
  readonly horizon: number;
  /** Shares of values that intervals are to hold, rising. */
  readonly levels: readonly number[];
  /** How totals and categories are made to agree. */
  readonly reconciliation: Reconciliation;
  /** The series, of each entity the total first. */
  readonly series: readonly ForecastSeries[];
  /**
   * What forecasts a series that is not among them, from months that are sent along: the method
   * that most series chose, with the relative errors of all.
   */
  readonly usual: AutomaticModel;
}

/** Writes the file. */
export function encodeForecasts(file: ForecastFile): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(file));
}

/**
 * Reads the file.
 *
 * @throws {ModelError} if it holds something else.
 */
export function decodeForecasts(bytes: Uint8Array): ForecastFile {
  const refuse = (found: string, cause?: unknown): never => {
    throw new ModelError(`Cannot read a file of forecasts: ${found}`, {
      cause,
      next: "train the model again, or restore the file",
    });
  };
  let file: ForecastFile;
  try {
    file = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    return refuse("it is no JSON", cause);
  }
  if (typeof file !== "object" || file === null) return refuse("it is no object");
  // Files of before do not tell it: their totals were series like others.
  const { spec, horizon, levels, reconciliation = "bottomUp", series, usual } = file;
  if (typeof spec?.entity !== "string" || !Number.isInteger(horizon) || !Array.isArray(levels)) {
    return refuse("it lacks its columns, horizon or levels");
  }
  if (reconciliation !== "bottomUp" && reconciliation !== "weighted") {
    return refuse(`it makes sums agree by "${reconciliation}"`);
  }
  if (!Array.isArray(series) || !isModel(usual)) return refuse("it lacks its series or methods");
  for (const { entity, category, first, values, model } of series) {
    const good = typeof entity === "string" && typeof category === "string" &&
      monthNumber(first) !== undefined && Array.isArray(values) && values.length > 0 &&
      values.every(Number.isFinite) && isModel(model);
    if (!good) return refuse(`the series ${entity} ${category} is not whole`);
  }
  return {
    ...{ ...file, reconciliation },
    series: series.map((own) => ({ ...own, model: withNaN(own.model) })),
    usual: withNaN(usual),
  };
}

function isModel(model: AutomaticModel | undefined): boolean {
  return Array.isArray(model?.seasons) && Array.isArray(model?.members) &&
    model.members.length > 0;
}

/** JSON writes null for an error that nobody knows. */
function withNaN(model: AutomaticModel): AutomaticModel {
  return { ...model, error: model.error ?? NaN };
}
