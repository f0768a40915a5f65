/**
 * Whole trainings of forecasts from a declaration of plain data: months of many series in, methods
 * chosen by rolling origins, judged, exported and tracked.
 *
 * @module
 */

export {
  type ForecastDeclaration,
  type ForecastParams,
  forecastParams,
  seriesFeatures,
} from "./declaration.ts";
export { type ForecastHandles, forecasting } from "./forecasting.ts";
export type { CoherentFits } from "./coherent_fits.ts";
export { type HistoryParams, historyParams, historySteps } from "./history_steps.ts";
export type { JudgedForecasts } from "./judged_forecasts.ts";
export type { JudgedOrigin, JudgedSeries } from "./judge_series.ts";
