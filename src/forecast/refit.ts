/** A chosen forecast brought up to date, without choosing again. */

import { type AutomaticModel, methodsOf } from "./automatic.ts";
import { seasonalNaive } from "./baselines.ts";
import type { ForecastMethod } from "./contract.ts";
import { type Ets, fitEts } from "./ets.ts";
import { fitScaled, type ScaledMethod } from "./rolling_forecasts.ts";
import { fitsScale, toScale } from "./scale.ts";
import { theta } from "./theta.ts";

/**
 * Fits the methods of a model, on their scales and with their weights, to a series that has gone
 * on; of exponential smoothing the form stays too. What the model knows of its past errors is kept.
 * Methods that the series is too short for, or does not suit, are left out; without any it goes on
 * by theta, or as its last season or value where that does not fit either.
 *
 * @param y Finite values at even steps, the latest last, at least one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fitAutomatic, forecastAutomatic } from "./mod.ts";
 * const y = Float64Array.from({ length: 30 }, (_, t) => 10 + t);
 * const model = await fitAutomatic(y, { horizon: 2, seasons: [1], origins: 2 });
 * const later = refitAutomatic(model, Float64Array.of(...y, 40, 41));
 * assertEquals(Math.round(forecastAutomatic(later, 1)[0]), 42);
 * ```
 */
export function refitAutomatic(model: AutomaticModel, y: Float64Array): AutomaticModel {
  const [season, ...more] = model.seasons;
  const methods = methodsOf(more);
  const steps = Math.round(season);
  const fitted = model.members.flatMap(({ name, scale, weight, model: before }) => {
    if (!fitsScale(scale, y)) return [];
    if (before.method === "ets") {
      const { form } = before as Ets;
      const again = fitEts(toScale(scale, y), form, form.season === "N" ? 1 : steps);
      return again === undefined ? [] : [{ name, scale, model: again, weight }];
    }
    const candidate: ScaledMethod = { name, scale, method: methods[before.method] };
    const again = fitScaled(candidate, y, steps);
    return again === undefined ? [] : [{ ...again, weight }];
  });
  const total = fitted.reduce((sum, { weight }) => sum + weight, 0);
  if (total > 0) {
    return { ...model, members: fitted.map((one) => ({ ...one, weight: one.weight / total })) };
  }
  // Of less than a season nobody knows what returns.
  const own = y.length < steps ? 1 : steps;
  const raw = { kind: "raw" } as const;
  const simple = [theta, seasonalNaive].map((method): ScaledMethod => (
    { name: `${method.name} raw`, method: method as ForecastMethod, scale: raw }
  ));
  const [first, second] = simple;
  return {
    ...model,
    members: [{ ...(fitScaled(first, y, own) ?? fitScaled(second, y, own)!), weight: 1 }],
  };
}
