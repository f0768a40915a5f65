/**
 * Series of months that events add up to, and files of forecasts of them: the same code for
 * training, promotion, monitoring and the server.
 *
 * @module
 */

export { forecastErrors, type JudgedMonth, levelName, naiveScale } from "./forecast_errors.ts";
export {
  decodeForecasts,
  encodeForecasts,
  type ForecastFile,
  type ForecastSeries,
} from "./forecast_file.ts";
export {
  Forecaster,
  type ForecastQuery,
  MOST_MONTHS_AHEAD,
  type SentMonth,
  type SeriesBand,
  type SeriesForecast,
} from "./forecaster.ts";
export { type LoggedMonth, loggedMonth, type MonthErrors, monthErrors } from "./month_errors.ts";
export { monthNumber, monthOfTime, monthText } from "./month.ts";
export { monthAmount, wantedAmount } from "./month_amount.ts";
export { type MonthlyTable, monthlyTable } from "./monthly_table.ts";
export { type PredictedMonths, predictMonths } from "./predict_months.ts";
export { forecastSentence } from "./sentence.ts";
export {
  type AmountsByMonth,
  type EntitySeries,
  entitySeries,
  FEWEST_MONTHS,
  restCategory,
  type SeriesHistory,
  seriesName,
  seriesOf,
} from "./series_history.ts";
export { monthColumn, type SeriesSpec } from "./spec.ts";
export { historyOf, historyText, historyView, storedHistoryFeature } from "./stored_history.ts";
export type { Cell, Table } from "../dataset/mod.ts";
