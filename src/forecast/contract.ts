/** What every method of forecasting has in common. */

/** A fitted method, plain data that survives JSON: what has been, and how it goes on. */
export interface SeriesModel {
  /** Which method. */
  readonly method: string;
}

/** A method of forecasting. */
export interface ForecastMethod<Model extends SeriesModel = SeriesModel> {
  /** What it is called, as `ets`. */
  readonly name: string;
  /** Methods of one family err alike: one of them has a say in a blend. Its name if left out. */
  readonly family?: string;
  /**
   * Fits it to a series.
   *
   * @param y Finite values at even steps, the latest last.
   * @param season Steps of a season, 1 for none.
   * @returns Undefined if the series is too short, or of values that it cannot be fitted to.
   */
  fit(y: Float64Array, season: number): Model | undefined;
  /** The values of the next `horizon` steps. */
  forecast(model: Model, horizon: number): Float64Array;
}

/** A method that takes its time to fit, and lets events in meanwhile. */
export interface SlowForecastMethod<Model extends SeriesModel = SeriesModel>
  extends Omit<ForecastMethod<Model>, "fit"> {
  /** Fits it to a series, as {@linkcode ForecastMethod.fit} does, until it is stopped. */
  fit(y: Float64Array, season: number, signal?: AbortSignal): Promise<Model | undefined>;
}

/** Any method. */
export type AnyForecastMethod = ForecastMethod | SlowForecastMethod;
