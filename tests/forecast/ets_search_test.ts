/** The search for the likeliest exponential smoothing: its slopes, and how it goes downhill. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { etsForms, fitEts } from "../../src/forecast/mod.ts";
import { EtsLikelihood, type EtsStart } from "../../src/forecast/ets_likelihood.ts";
import { quasiNewton } from "../../src/forecast/quasi_newton.ts";

const random = new Random(11);
const y = Float64Array.from(
  { length: 30 },
  (_, t) => 40 + 0.5 * t + 4 * Math.sin(Math.PI * t / 2) + random.normal(),
);

Deno.test("ets likelihood: slopes of all forms are those of small steps", () => {
  for (const form of etsForms(true, true)) {
    const likelihood = new EtsLikelihood(y, form.season === "N" ? 1 : 4);
    const start: EtsStart = {
      ...{ alpha: 0.4, beta: form.trend === "N" ? 0 : 0.1, gamma: form.season === "N" ? 0 : 0.2 },
      ...{ phi: form.trend === "Ad" ? 0.9 : 1, level: 39, slope: form.trend === "N" ? 0 : 0.7 },
    };
    if (form.season === "A") likelihood.seasons.set([1, 3, -2, -2]);
    if (form.season === "M") likelihood.seasons.set([1.02, 1.1, 0.9, 0.98]);
    likelihood.run(form, start);
    likelihood.runBack(form, start);
    const slopes = { ...likelihood.slopes };
    const ofSeasons = likelihood.ofSeasons.slice();
    // Central differences of 1e-5: the error is about 1e-10 of the third slope, plus rounding of
    // values of some hundred at 1e-16 / 1e-5.
    const check = (slope: number, at: (step: number) => number, what: string) => {
      const wanted = (at(1e-5) - at(-1e-5)) / 2e-5;
      assertAlmostEquals(slope, wanted, 1e-5 * Math.max(1, Math.abs(wanted)), what);
    };
    const name = `${form.error}${form.trend}${form.season}`;
    for (const key of Object.keys(slopes) as (keyof EtsStart)[]) {
      const at = (step: number) => likelihood.run(form, { ...start, [key]: start[key] + step });
      if (form.trend === "N" && (key === "beta" || key === "phi")) continue;
      if (form.season === "N" && key === "gamma") continue;
      check(slopes[key], at, `${name} ${key}`);
    }
    likelihood.seasons.forEach((own, place) => {
      if (form.season === "N") return;
      const at = (step: number) => {
        likelihood.seasons[place] = own + step;
        const value = likelihood.run(form, start);
        likelihood.seasons[place] = own;
        return value;
      };
      check(ofSeasons[place], at, `${name} season ${place}`);
    });
  }
});

Deno.test("ets: a perfect line, a constant and jumps are fitted without numbers that are none", () => {
  const series = [
    Float64Array.from({ length: 40 }, (_, t) => 3 + 2 * t),
    new Float64Array(40).fill(5),
    Float64Array.from({ length: 40 }, (_, t) => t < 20 ? 1 : 1e6),
    Float64Array.from({ length: 40 }, (_, t) => 1e-9 * (1 + t % 4)),
  ];
  for (const own of series) {
    for (const form of etsForms(true, true)) {
      const model = fitEts(own, form, form.season === "N" ? 1 : 4);
      if (model === undefined) continue;
      const { alpha, beta, gamma, phi, level, slope, seasons } = model;
      assert([alpha, beta, gamma, phi, level, slope, ...seasons].every(Number.isFinite));
      assert(alpha > 0 && alpha < 1 && beta <= alpha && gamma <= 1 - alpha + 1e-4);
    }
  }
  assertEquals(fitEts(Float64Array.of(1, 2, 3), etsForms(true, false)[0], 1), undefined);
});

Deno.test("quasi-Newton: through a bent valley to its end, and no farther than it may", () => {
  const valley = (x: Float64Array, slopes: Float64Array) => {
    const bend = x[1] - x[0] ** 2;
    slopes[0] = -400 * x[0] * bend - 2 * (1 - x[0]);
    slopes[1] = 200 * bend;
    return 100 * bend ** 2 + (1 - x[0]) ** 2;
  };
  const { x, value } = quasiNewton(valley, [-1.2, 1], { least: 1e-14 });
  assert(value < 1e-8);
  x.forEach((coordinate) => assertAlmostEquals(coordinate, 1, 1e-3));
  // Not defined beyond 2, where it would be lowest.
  const edge = quasiNewton((x, slopes) => {
    slopes[0] = -1;
    return x[0] > 2 ? Infinity : -x[0];
  }, [0]);
  assert(edge.x[0] <= 2 && edge.x[0] > 1.9);
  let asked = 0;
  const endless = (x: Float64Array, slopes: Float64Array) => {
    asked++;
    slopes[0] = -1;
    return -x[0];
  };
  quasiNewton(endless, [0], { most: 5 });
  assert(asked < 120);
});
