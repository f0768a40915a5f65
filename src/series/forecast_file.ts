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

/** Writes the file; errors that series share are written once. */
export function encodeForecasts(
  { series, usual, ...rest }: ForecastFile,
): Uint8Array<ArrayBuffer> {
  // By what they hold: series that shared them may come from a cache, each with its own.
  const places = new Map<string, number>();
  const all: (readonly number[])[] = [];
  const written = (model: AutomaticModel) => {
    if (model.past === undefined) return model;
    const { ratios } = model.past;
    const key = ratios.join();
    const place = places.get(key) ?? all.push(ratios) - 1;
    places.set(key, place);
    return { ...model, past: { ...model.past, ratios: place } };
  };
  const file = {
    ...rest,
    usual: written(usual),
    series: series.map(({ model, ...own }) => ({ ...own, model: written(model) })),
  };
  return new TextEncoder().encode(JSON.stringify({ ...file, ratios: all }));
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
  let file: ForecastFile & { readonly ratios?: readonly (readonly number[])[] };
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
  const { ratios = [], ...rest } = file;
  const read = ({ past, ...model }: AutomaticModel): AutomaticModel => {
    // JSON writes null for an error that nobody knows.
    const whole = { ...model, error: model.error ?? NaN };
    if (past === undefined) return whole;
    const own = typeof past.ratios === "number" ? ratios[past.ratios] : past.ratios;
    if (!Array.isArray(own) || own.length === 0) return refuse("it lacks errors of the past");
    return { ...whole, past: { ...past, ratios: own } };
  };
  return {
    ...{ ...rest, reconciliation },
    series: series.map((own) => ({ ...own, model: read(own.model) })),
    usual: read(usual),
  };
}

function isModel(model: AutomaticModel | undefined): boolean {
  return Array.isArray(model?.seasons) && Array.isArray(model?.members) &&
    model.members.length > 0;
}
