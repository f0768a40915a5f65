/** Methods of forecasting against statsforecast; see tests/python/make_forecast_fixtures.py. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  ets,
  etsForms,
  fitEts,
  forecastEts,
  seasonalNaive,
  stl,
  theta,
} from "../../src/forecast/mod.ts";
import fixture from "./fixtures/methods.json" with { type: "json" };

/** Mean distance of two lines over the mean size of one. */
function apart(found: ArrayLike<number>, wanted: readonly number[], scale: number): number {
  return wanted.reduce((sum, value, h) => sum + Math.abs(found[h] - value), 0) /
    wanted.length / scale;
}

/** What a series moves by from step to step, on average. */
function usualStep(y: readonly number[]): number {
  return y.slice(1).reduce((sum, value, t) => sum + Math.abs(value - y[t]), 0) / (y.length - 1);
}

/** Squared errors of a dynamic theta model one step ahead, written out from its definition. */
function squaredErrors(
  y: Float64Array,
  { initial, alpha, theta }: { initial: number; alpha: number; theta: number },
): number {
  let level = initial;
  let sum = 0;
  for (let t = 0; t < y.length; t++) {
    if (t > 0) {
      // The line through the first t values, at t = 1, 2, …
      const mean = y.subarray(0, t).reduce((all, value) => all + value / t, 0);
      let slope = 0;
      for (let k = 1; k <= t; k++) slope += 12 * (k - (t + 1) / 2) * y[k - 1] / (t ** 3 - t || 1);
      const intercept = mean - slope * (t + 1) / 2;
      const left = (1 - alpha) ** t;
      const line = left * intercept + (1 - left * (1 - alpha)) / alpha * slope;
      const off = y[t] - level - (1 - 1 / theta) * line;
      if (t >= 3) sum += off * off;
    }
    level = alpha * y[t] + (1 - alpha) * level;
  }
  return sum;
}

for (
  const [name, { y: values, season, forms, chosen, theta: said, stl: parts }] of Object.entries(
    fixture,
  )
) {
  const y = Float64Array.from(values);

  Deno.test(`ets: forms of "${name}" are as likely as statsforecast's, and go on alike`, () => {
    for (const [form, { aicc, mean }] of Object.entries(forms)) {
      const trend = form.slice(1, -1) as "N" | "A" | "Ad";
      const own = fitEts(
        y,
        { error: form[0] as "A", trend, season: form.at(-1) as "N" },
        form.at(-1) === "N" ? 1 : season,
      )!;
      // Both stop on a slope that is nearly flat: ours may be better, and worse by little.
      assert(own.aicc <= aicc + 4, `${form}: ${own.aicc} and ${aicc}`);
      if (Math.abs(own.aicc - aicc) > 1.5) continue;
      assert(apart(forecastEts(own, 12), mean, usualStep(values)) < 0.6, form);
    }
  });

  Deno.test(`ets: the form that is chosen for "${name}" is as good as statsforecast's choice`, () => {
    const { form: _, aicc } = chosen;
    const own = ets.fit(y, season)!;
    assert(own.aicc <= aicc + 3, `${own.aicc} and ${aicc}`);
  });

  Deno.test(`theta: "${name}" is as likely as in statsforecast, and goes on alike`, () => {
    const own = theta.fit(y, season)!;
    const adjusted = y.map((value, t) => {
      const at = own.seasons.at((t - y.length) % own.seasons.length)!;
      return own.kind === "additive" ? value - at : value / at;
    });
    const found = squaredErrors(adjusted, own);
    const wanted = squaredErrors(adjusted, said.fit);
    // Ours is the lowest for each weight of news; a simplex stops close to the lowest it comes by.
    assert(found <= wanted * (1 + 1e-6), `${found} and ${wanted}`);
    if (found < 0.99 * wanted) return;
    const off = apart(theta.forecast(own, 12), said.mean, usualStep(values));
    assert(off < 0.3, `${off}`);
  });

  if (parts === null) continue;
  Deno.test(`stl: seasons and trend of "${name}" are those of statsmodels`, () => {
    const own = stl(y, season, 11);
    parts.seasonal.forEach((value, t) => assertAlmostEquals(own.seasonal[t], value, 1e-5));
    parts.trend.forEach((value, t) => assertAlmostEquals(own.trend[t], value, 1e-5));
    for (const [window, seasonal] of Object.entries(parts.windows)) {
      const found = stl(y, season, Number(window)).seasonal;
      seasonal.forEach((value, t) => assertAlmostEquals(found[t], value, 1e-5, `window ${window}`));
    }
  });
}

Deno.test("ets: fifteen forms of values above 0, fewer of others", () => {
  assertEquals(etsForms(true, true).length, 15);
  assertEquals(etsForms(false, true).length, 6);
  assertEquals(etsForms(true, false).length, 6);
});

Deno.test("seasonal naive: the last season again", () => {
  const model = seasonalNaive.fit(Float64Array.of(1, 2, 3, 4, 5), 3)!;
  assertEquals([...seasonalNaive.forecast(model, 4)], [3, 4, 5, 3]);
});
