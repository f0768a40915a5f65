/** How good forecasts were, once it is known what came. */

/** A month that was forecast and came. */
export interface JudgedMonth {
  /** What came. */
  readonly came: number;
  /** What was said. */
  readonly said: number;
  /** Mean absolute error of the seasonal naive forecast within the series before, above 0. */
  readonly scale: number;
  /** Ends of the intervals, rising by level; none where there were none. */
  readonly bands: readonly {
    readonly level: number;
    readonly lower: number;
    readonly upper: number;
  }[];
}

/**
 * Errors of months by name: `mase`, the mean absolute scaled error; `mape` and `smape`, in percent, of
 * months that are not 0; `pinball`, the mean pinball loss over the median and the ends of all
 * intervals, scaled as the first; `crps`, twice that, which the continuous ranked probability score
 * comes to on so few quantiles; and for each level `coverage_80`, the share of values within, and
 * `width_80`, the mean width over the scale. What no month tells is left out.
 *
 * Source: Hyndman and Koehler (2006); Gneiting and Raftery (2007).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const bands = [{ level: 0.8, lower: 8, upper: 12 }];
 * const { mase, mape, coverage_80 } = forecastErrors([
 *   { came: 10, said: 9, scale: 2, bands },
 *   { came: 20, said: 10, scale: 5, bands },
 * ]);
 * assertEquals([mase, mape, coverage_80], [1.25, 30, 0.5]);
 * ```
 */
export function forecastErrors(judged: readonly JudgedMonth[]): Record<string, number> {
  const found: Record<string, number> = {};
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const tell = (name: string, values: readonly number[]) => {
    if (values.length > 0) found[name] = mean(values);
  };
  tell("mase", judged.map(({ came, said, scale }) => Math.abs(came - said) / scale));
  const some = judged.filter(({ came }) => came !== 0);
  tell("mape", some.map(({ came, said }) => 100 * Math.abs((came - said) / came)));
  tell(
    "smape",
    some.map(({ came, said }) => 200 * Math.abs(came - said) / (Math.abs(came) + Math.abs(said))),
  );
  const sure = judged.filter(({ bands }) => bands.length > 0);
  tell("pinball", sure.map(pinballOf));
  if (found.pinball !== undefined) found.crps = 2 * found.pinball;
  for (const level of new Set(sure.flatMap(({ bands }) => bands.map(({ level }) => level)))) {
    const own = sure.flatMap(({ came, scale, bands }) =>
      bands.filter((band) => band.level === level).map((band) => ({ came, scale, ...band }))
    );
    const name = levelName(level);
    tell(
      `coverage_${name}`,
      own.map(({ came, lower, upper }) => Number(came >= lower && came <= upper)),
    );
    tell(`width_${name}`, own.map(({ scale, lower, upper }) => (upper - lower) / scale));
  }
  return found;
}

/** A level as metrics are named by it: 80 of 0.8, 97_5 of 0.975. */
export function levelName(level: number): string {
  return String(Number((100 * level).toPrecision(6))).replace(".", "_");
}

/** The mean scaled pinball loss over the quantiles that a month was told by. */
function pinballOf({ came, said, scale, bands }: JudgedMonth): number {
  const quantiles = bands.flatMap(({ level, lower, upper }) => [
    { at: (1 - level) / 2, value: lower },
    { at: (1 + level) / 2, value: upper },
  ]);
  const losses = [...quantiles, { at: 0.5, value: said }].map(({ at, value }) =>
    (came >= value ? at * (came - value) : (1 - at) * (value - came)) / scale
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/**
 * Mean absolute error of saying what came a season earlier, within a series; of a series that is
 * too short for that, of saying the value before. A hundredth of its greatest value at the least, so
 * that one without a change has a scale too.
 */
export function naiveScale(values: ArrayLike<number>, season: number): number {
  const lag = values.length > season ? season : 1;
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += Math.abs(values[t] - values[t - lag]);
  const size = Math.max(...Array.from(values, Math.abs)) || 1;
  return Math.max(sum / Math.max(1, values.length - lag), 0.01 * size);
}
