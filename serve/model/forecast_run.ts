/** How a file of forecasts is run: by the recursion of each series' methods, in this thread. */

import { DataError } from "../../src/base/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import { decodeForecasts, Forecaster, monthNumber } from "../../src/series/mod.ts";
import { Problem } from "../http/problem.ts";
import { ForecastReader } from "./forecast_reader.ts";
import { forecastScores, queryOf } from "./forecast_values.ts";
import type { Inference, Scores } from "./inference.ts";
import {
  type ModelRuntime,
  type ModelRuntimeOptions,
  refusing,
  unusableModel,
} from "./model_runtime.ts";

/** Series that are asked before a model takes requests. */
const TRIED = 100;

/**
 * Reads a file of forecasts and makes sure that it goes on with finite values.
 *
 * @throws {ModelError} if it cannot be read, or contradicts its metadata.
 */
export async function openForecastRun(
  source: string,
  file: Uint8Array,
  metadata: ModelMetadata,
  { onBatch }: ModelRuntimeOptions,
): Promise<ModelRuntime> {
  const forecaster = await refusing(source, () => new Forecaster(decodeForecasts(file)));
  const { task } = metadata;
  if (task.kind !== "forecast") {
    throw unusableModel(source, `its file holds forecasts, its metadata say ${task.kind}`);
  }
  const { horizon, levels } = forecaster.file;
  if (`${levels}` !== `${task.levels}` || horizon !== task.horizon) {
    throw unusableModel(
      source,
      `its file is of ${horizon} months and the levels ${levels.join(", ")}, its metadata say ` +
        `${task.horizon} and ${task.levels.join(", ")}`,
    );
  }
  await refusing(source, () => {
    for (const { entity, category } of forecaster.file.series.slice(0, TRIED)) {
      const { mean } = forecaster.ask({ entity, category, horizon });
      if (mean.every(Number.isFinite)) continue;
      throw unusableModel(source, `its series ${entity} ${category} goes on as ${mean.join(", ")}`);
    }
  });
  return {
    columns: metadata.input_schema.map(({ name }) => name),
    runtime: "recursion",
    reader: (options) => new ForecastReader(forecaster, options, metadata.feature_views ?? []),
    inference: new ForecastInference(forecaster, onBatch),
    close: () => Promise.resolve(),
  };
}

/** Forecasts each record as it comes: nothing waits. */
class ForecastInference implements Inference {
  readonly waiting = 0;

  constructor(
    private readonly forecaster: Forecaster,
    private readonly onBatch: (rows: number) => void,
  ) {}

  /** @throws {Problem} 422 if the months that were sent do not join those that are known. */
  predict(values: readonly (number | string)[]): Scores {
    this.onBatch(1);
    const startedAt = performance.now();
    try {
      const found = this.forecaster.ask(queryOf(values));
      const first = monthNumber(found.months[0])!;
      const scores = forecastScores(found, this.forecaster.file.levels, first);
      return { code: 0, scores, startedAt, endedAt: performance.now() };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const next = error.next === undefined ? "" : `; ${error.next}`;
      throw new Problem(422, `${error.message}${next}`, { cause: error });
    }
  }
}
