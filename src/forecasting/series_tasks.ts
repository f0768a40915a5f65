/** What is done for each series, in a worker. */

import { task } from "../base/mod.ts";
import {
  automaticInterval,
  type AutomaticModel,
  fitAutomatic,
  forecastAutomatic,
} from "../forecast/mod.ts";
import { type JudgedMonth, naiveScale } from "../series/mod.ts";

/** Months of a season. */
export const SEASON = 12;

/** A series, and how it is forecast. */
export interface SeriesJob {
  /** Its values. */
  readonly values: readonly number[];
  /** Months ahead. */
  readonly horizon: number;
  /** Earlier times at which methods are compared. */
  readonly origins: number;
}

/** The same, and how the choice is judged. */
export interface JudgeJob extends SeriesJob {
  /** Earlier times at which all is done anew. */
  readonly folds: number;
  /** Levels of intervals, rising. */
  readonly levels: readonly number[];
}

/** What was forecast from an earlier time, with what came. */
export interface JudgedOrigin {
  /** Months that were known then. */
  readonly known: number;
  /** The months after them, as many as the horizon. */
  readonly months: readonly JudgedMonth[];
  /** What saying the season before again would have given, month by month. */
  readonly naive: readonly number[];
}

/** Chooses the method of a series by rolling origins, and fits it to all of it. */
export const fitSeries = task(
  import.meta.url,
  "fitSeries",
  ({ values, horizon, origins }: SeriesJob, { progress }): Promise<AutomaticModel> =>
    fitAutomatic(Float64Array.from(values), {
      ...{ horizon, origins, seasons: [SEASON], onProgress: progress },
    }),
);

/**
 * The earlier times at which a choice can be judged: the latest a horizon before the end, each
 * with more than half of the series before it.
 */
export function judgedAt(
  months: number,
  { horizon, folds }: Pick<JudgeJob, "horizon" | "folds">,
): number[] {
  const apart = Math.max(1, Math.round(horizon / 2));
  return Array.from({ length: folds }, (_, fold) => months - horizon - fold * apart)
    .filter((known) => known >= 3 && known > months / 2).reverse();
}

/** Chooses and fits anew by what was known at earlier times alone, and holds that to what came. */
export const judgeSeries = task(
  import.meta.url,
  "judgeSeries",
  async (job: JudgeJob, { progress }): Promise<JudgedOrigin[]> => {
    const { values, horizon, origins, levels } = job;
    const times = judgedAt(values.length, job);
    const judged: JudgedOrigin[] = [];
    for (const known of times) {
      const before = Float64Array.from(values.slice(0, known));
      const model = await fitAutomatic(before, {
        ...{ horizon, origins, seasons: [SEASON] },
        onProgress: (done) => progress((judged.length + done) / times.length),
      });
      const said = forecastAutomatic(model, horizon);
      const bands = levels.flatMap((level) => {
        const interval = automaticInterval(model, said, level);
        return interval === undefined ? [] : [{ level, ...interval }];
      });
      const scale = naiveScale(before, SEASON);
      const back = Math.min(SEASON, known);
      judged.push({
        known,
        months: Array.from(said, (value, h) => ({
          ...{ came: values[known + h], said: value, scale },
          bands: bands.map(({ level, lower, upper }) => (
            { level, lower: lower[h], upper: upper[h] }
          )),
        })),
        naive: Array.from(said, (_, h) => before[known - back + h % back]),
      });
    }
    return judged;
  },
);
