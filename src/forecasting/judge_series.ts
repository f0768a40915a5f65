/** Forecasts as they would have been made at earlier times, held to what came. */

import { automaticInterval } from "../forecast/mod.ts";
import { type JudgedMonth, monthNumber, naiveScale, type SeriesHistory } from "../series/mod.ts";
import { fitCoherently, type FitRun, type FitSetting, SEASON } from "./coherent_fits.ts";

/** How the choice is judged. */
export interface JudgeSetting extends FitSetting {
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

/** A series with what was forecast of it at earlier times. */
export interface JudgedSeries {
  /** Whose it is. */
  readonly entity: string;
  /** Its category, "" of the total. */
  readonly category: string;
  /** Earlier times, the first one first; none of a series that is too short. */
  readonly origins: readonly JudgedOrigin[];
}

/** Fewest months that are fitted. */
const FEWEST = 3;

/**
 * Chooses and fits anew by what was known at earlier times alone, and holds that to what came. The
 * latest time is a horizon before the end of an entity's total, the others half a horizon apart,
 * each with more than half of a series before it.
 */
export async function judgeSeries(
  series: readonly SeriesHistory[],
  { folds, levels, ...setting }: JudgeSetting,
  { onProgress, ...run }: FitRun,
): Promise<JudgedSeries[]> {
  const { horizon } = setting;
  const apart = Math.max(1, Math.round(horizon / 2));
  const ends = new Map<string, number>();
  for (const { entity, first, values } of series) {
    const end = monthNumber(first)! + values.length;
    ends.set(entity, Math.min(end, ends.get(entity) ?? Infinity));
  }
  const origins = series.map((): JudgedOrigin[] => []);
  for (let fold = folds - 1; fold >= 0; fold--) {
    const cut = series.map(({ entity, first, values, ...own }, at) => ({
      ...{ ...own, at, entity, first },
      values: values.slice(
        0,
        Math.max(0, ends.get(entity)! - horizon - fold * apart - monthNumber(first)!),
      ),
    })).filter(({ values }) => values.length >= FEWEST);
    const { models, means } = await fitCoherently(cut, setting, {
      ...run,
      onProgress: (done) => onProgress?.((folds - 1 - fold + done) / folds),
    });
    cut.forEach(({ at, values: before }, k) => {
      const known = before.length;
      const { values } = series[at];
      if (known <= values.length / 2) return;
      const said = means[k];
      const bands = levels.flatMap((level) => {
        const interval = automaticInterval(models[k], said, level);
        return interval === undefined ? [] : [{ level, ...interval }];
      });
      const scale = naiveScale(before, SEASON);
      const back = Math.min(SEASON, known);
      origins[at].push({
        known,
        months: Array.from(said, (value, h) => ({
          ...{ came: values[known + h], said: value, scale },
          bands: bands.map(({ level, lower, upper }) => (
            { level, lower: lower[h], upper: upper[h] }
          )),
        })),
        naive: Array.from(said, (_, h) => before[known - back + h % back]),
      });
    });
  }
  return series.map(({ entity, category }, at) => ({ entity, category, origins: origins[at] }));
}
