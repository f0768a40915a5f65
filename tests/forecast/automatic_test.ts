/** The automatic forecast: better than its parts, honest about its errors, clear about bad series. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import {
  automaticInterval,
  conformalErrors,
  conformalWidths,
  dateOfStep,
  fitAutomatic,
  forecastAutomatic,
  type ForecastMethod,
  fromScale,
  guerreroLambda,
  pooledConformalErrors,
  regularSeries,
  type SeriesStep,
  theta,
  toScale,
  totalsByStep,
  usualSeasons,
} from "../../src/forecast/mod.ts";
import { blend, crossBlended, usualCandidates } from "../../src/forecast/blend.ts";
import { latestConformalErrors } from "../../src/forecast/conformal.ts";
import {
  originsOf,
  rollingForecasts,
  type ScaledMethod,
} from "../../src/forecast/rolling_forecasts.ts";

const months = Array.from(
  { length: 72 },
  (_, t) => dateOfStep({ step: "month", first: "2020-01-01" }, t),
);

/** A year that grows with its level. */
function growing(steps: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from(
    { length: steps },
    (_, t) =>
      100 * Math.exp(0.01 * t + 0.25 * Math.sin(2 * Math.PI * t / 12) + 0.02 * random.normal()),
  );
}

Deno.test("automatic: a season that grows is forecast far better than by the last one", async () => {
  const y = growing(66, 1);
  const model = await fitAutomatic(y.subarray(0, 60), { horizon: 6, seasons: [12], origins: 6 });
  const said = forecastAutomatic(model, 6);
  const off = said.reduce((sum, value, h) => sum + Math.abs(value - y[60 + h]) / 6, 0);
  const last = y.subarray(48, 54);
  const naive = last.reduce((sum, value, h) => sum + Math.abs(value - y[60 + h]) / 6, 0);
  assert(off < 0.4 * naive, `${off} and ${naive}`);
  assertAlmostEquals(model.members.reduce((sum, { weight }) => sum + weight, 0), 1, 1e-12);
  assert(model.error <= Math.min(...Object.values(model.errors)) * (1 + 48 / 36));
  // Plain data: it survives JSON.
  assertEquals(forecastAutomatic(JSON.parse(JSON.stringify(model)), 6), said);
  const { lower, upper } = automaticInterval(model, said, 0.8)!;
  const wider = automaticInterval(model, said, 0.95)!;
  said.forEach((value, h) => {
    assert(lower[h] < value && value < upper[h]);
    assert(wider.lower[h] <= lower[h] && wider.upper[h] >= upper[h]);
  });
});

/** A candidate that is off by so much, upwards at the first origin, downwards at the second. */
const candidate = (name: string, off: number, steps: number, family?: string) => {
  const method: ForecastMethod = { ...theta as unknown as ForecastMethod, name, family };
  const said = [off, -off].map((own) => new Float64Array(steps).fill(10 + own));
  return { candidate: { name, method, scale: { kind: "raw" } as const }, said };
};
const tens = (steps: number) => [0, 1].map(() => new Float64Array(steps).fill(10));

Deno.test("automatic: the best of each family has a say, by how near it was", () => {
  const past = [
    ...[candidate("worse", 1.1, 96, "same"), candidate("far", 1.3, 96)],
    ...[candidate("best", 1, 96, "same"), candidate("other", 1.2, 96)],
  ];
  const { members, error } = blend(past, tens(96));
  assertEquals(members.map(({ at }) => at), [2, 3]);
  assertAlmostEquals(members[0].weight / members[1].weight, 1.2 ** 2, 1e-12);
  // Their errors have the same signs: the blend lies between them.
  assertAlmostEquals(error, members[0].weight + 1.2 * members[1].weight, 1e-12);
  const exact = blend([candidate("right", 0, 2), candidate("near", 0.1, 2)], tens(2));
  assertEquals(exact, { ...{ members: [{ at: 0, weight: 1 }], error: 0 } });
});

Deno.test("automatic: of a short past more have a say, and the usual ones most of it", () => {
  const weights = (steps: number) => {
    const past = [candidate("best", 1, steps), candidate("ets raw", 1.2, steps)];
    const { members } = blend([...past, candidate("far", 2, steps)], tens(steps), usualCandidates);
    return members.map(({ weight }) => weight);
  };
  const [short, long] = [weights(12), weights(96)];
  assertEquals([short.length, long.length], [3, 2]);
  assert(short[1] > 0.75 && short[1] < 1, `${short}`);
  // 72 of 264 steps' worth, and of the rest what the error leaves.
  assertAlmostEquals(long[1], 72 / 264 + 192 / 264 * 1.2 ** -2 / (1 + 1.2 ** -2), 1e-12);
  for (const own of [short, long]) {
    assertAlmostEquals(own.reduce((sum, weight) => sum + weight, 0), 1, 1e-12);
  }
});

Deno.test("automatic: what comes after an origin changes nothing that was said there", async () => {
  const y = growing(60, 2);
  const candidate = { name: "theta log", method: theta, scale: { kind: "log" } } as ScaledMethod;
  const origins = originsOf(60, 6, 4);
  assertEquals(origins, [48, 50, 52, 54]);
  const rolled = async (values: Float64Array) =>
    (await rollingForecasts([candidate], values, 12, { horizon: 6, origins }))[0].said;
  const before = await rolled(y);
  for (const [k, origin] of origins.entries()) {
    const after = await rolled(y.map((value, t) => t < origin ? value : 5 * value + t));
    assertEquals(after.slice(0, k + 1), before.slice(0, k + 1));
  }
});

Deno.test("automatic: short, constant, negative and zero series", async () => {
  const fit = (values: number[], season = 12) =>
    fitAutomatic(Float64Array.from(values), { horizon: 4, seasons: [season], origins: 4 });
  const constant = await fit(new Array(40).fill(7));
  assertEquals([...forecastAutomatic(constant, 4)], [7, 7, 7, 7]);
  assertEquals(automaticInterval(constant, forecastAutomatic(constant, 4), 0.8), undefined);
  assertEquals([...forecastAutomatic(await fit([1, 2, 3]), 4)], [1, 2, 3, 1]);
  const zeros = await fit(Array.from({ length: 60 }, (_, t) => t % 4 === 0 ? 0 : t - 30));
  assert(forecastAutomatic(zeros, 4).every(Number.isFinite));
  assert(Object.keys(zeros.errors).every((name) => name.endsWith(" raw")));
});

Deno.test("automatic: what cannot be forecast is refused by name", async () => {
  const y = growing(30, 3);
  const refused = (values: Float64Array, options: object, message: string) =>
    assertRejects(
      () => fitAutomatic(values, { horizon: 3, seasons: [12], ...options }),
      /^Cannot forecast (a series|values)/.test(message) ? DataError : UsageError,
      message,
    );
  await refused(y.subarray(0, 2), {}, "Cannot forecast a series of 2 values");
  await refused(y.map((value, t) => t === 5 ? NaN : value), {}, "Cannot forecast a series of 30");
  await refused(y, { horizon: 0 }, "Cannot forecast 0 steps");
  await refused(y, { origins: 1 }, "Cannot compare candidates at 1 earlier times");
  await refused(y, { seasons: [0.5] }, "Cannot use seasons of 0.5 steps");
  for (const factor of [1e300, 1e105, -1e200, 1e-310, 1e-200]) {
    await refused(y.map((value) => factor * value), {}, "Cannot forecast values as");
  }
  for (const factor of [1e90, -1e90, 1e-90]) {
    const model = await fitAutomatic(y.map((value) => factor * value), {
      ...{ horizon: 3, seasons: [12] },
    });
    assert(Number.isFinite(model.error) && forecastAutomatic(model, 3).every(Number.isFinite));
  }
  const stopped = AbortSignal.abort(new Error("enough"));
  const fit = () => fitAutomatic(growing(60, 1), { horizon: 3, seasons: [12], signal: stopped });
  await assertRejects(fit, Error, "enough");
  const model = await fitAutomatic(growing(60, 1), { horizon: 3, seasons: [1] });
  assertThrows(() => automaticInterval(model, Float64Array.of(1), 1), UsageError, "level 1");
});

Deno.test("conformal: errors of the past are covered as often as wanted", () => {
  const random = new Random(6);
  const draw = (origins: number) =>
    Array.from(
      { length: origins },
      () => Float64Array.from({ length: 12 }, (_, h) => 50 + (1 + 0.3 * h) * random.normal()),
    );
  const said = (origins: number) =>
    Array.from({ length: origins }, () => new Float64Array(12).fill(50));
  const past = conformalErrors({ said: said(200), came: draw(200) }, false);
  for (const level of [0.8, 0.95]) {
    const widths = conformalWidths(past, new Float64Array(12).fill(50), level);
    const fresh = draw(1000);
    for (const h of [0, 6, 11]) {
      const covered = fresh.filter((own) => Math.abs(own[h] - 50) <= widths[h]).length / 1000;
      // 1,000 draws: three standard errors are 0.038 and 0.021, and the past has its own.
      assert(Math.abs(covered - level) < 0.05, `${level} at ${h}: ${covered}`);
    }
  }
});

Deno.test("conformal: few errors of each series cover as wanted where they are pooled", () => {
  const random = new Random(8);
  const draw = (size: number, origins: number) => ({
    said: Array.from({ length: origins }, () => new Float64Array(6).fill(100)),
    came: Array.from(
      { length: origins },
      () =>
        Float64Array.from({ length: 6 }, (_, h) => 100 + size * (1 + 0.2 * h) * random.normal()),
    ),
  });
  const sizes = Array.from({ length: 60 }, () => random.uniform(2, 8));
  const pooled = pooledConformalErrors(sizes.map((size) => draw(size, 3)));
  assertEquals(new Set(pooled.map(({ ratios }) => ratios)).size, 1);
  assertEquals(pooled[0].ratios.length, 200);
  for (const level of [0.8, 0.95]) {
    let covered = 0;
    pooled.forEach((past, k) => {
      const widths = conformalWidths(past, new Float64Array(6).fill(100), level);
      for (const own of draw(sizes[k], 20).came) {
        own.forEach((value, h) => covered += Number(Math.abs(value - 100) <= widths[h]));
      }
    });
    // 7,200 looks; the 60 series have three origins each, which moves a share by some hundredths.
    const share = covered / (60 * 20 * 6);
    assert(Math.abs(share - level) < 0.04, `${level}: ${share}`);
  }
  const [alone] = pooledConformalErrors([draw(5, 3)]);
  assertEquals(alone.ratios.length, 18);
});

Deno.test("conformal: an origin is held to the size that the others tell", () => {
  const said = [Float64Array.of(10), Float64Array.of(10), Float64Array.of(10)];
  const came = [Float64Array.of(11), Float64Array.of(12), Float64Array.of(16)];
  const { sizes, ratios } = conformalErrors({ said, came }, false);
  assertEquals([sizes, ratios], [[3], [1 / 4, 2 / 3.5, 6 / 1.5]]);
  // One that all but was right is not held to nothing.
  const near = conformalErrors({ said, came: [said[0], said[1], came[2]] }, false);
  assertEquals(near.ratios, [0, 0, 6 / 0.4]);
});

Deno.test("conformal: errors that shrink make narrower intervals than those that stay", () => {
  const random = new Random(9);
  const noise = Array.from(
    { length: 24 },
    () => Float64Array.from({ length: 12 }, () => random.normal()),
  );
  const said = noise.map(() => new Float64Array(12).fill(50));
  const widthOf = (sizeAt: (k: number) => number, first = 0) => {
    const came = noise.map((own, k) => own.map((value) => 50 + sizeAt(k) * value));
    const past = latestConformalErrors(
      { said: said.slice(first), came: came.slice(first) },
      false,
    );
    return conformalWidths(past, said[0], 0.8)[0];
  };
  // 1.28 standard deviations; 288 draws tell them to about a tenth.
  assert(Math.abs(widthOf(() => 1) - 1.28) < 0.2, `${widthOf(() => 1)}`);
  // The latest twelve are of 1.7 to 1 and about 1.33 in the middle.
  const [shrinking, steady] = [widthOf((k) => 1.05 ** (23 - k)), 1.28 * 1.33];
  assert(shrinking < 0.95 * steady && shrinking > 1.28 * 0.9, `${shrinking}`);
  // Those that were right at first are not held to nothing.
  assert(widthOf((k) => k < 14 ? 0 : 1) < 3);
  // A few do not tell whether they shrink.
  const few = conformalErrors(
    { said: said.slice(18), came: noise.slice(18).map((own) => own.map((value) => 50 + value)) },
    false,
  );
  assertEquals(widthOf(() => 1, 18), conformalWidths(few, said[0], 0.8)[0]);
});

Deno.test("conformal: a forecast of nothing is not surer than others, or tells nothing", () => {
  const past = { relative: true, sizes: [0.1, 0.1], ratios: [1, 1] };
  const some = automaticInterval({ past }, Float64Array.of(0, 10), 0.8)!;
  assertEquals([...some.upper], [0.1, 11]);
  assertEquals(automaticInterval({ past }, Float64Array.of(0, 0), 0.8), undefined);
});

Deno.test("blend: what the choice said at a time is said without that time", () => {
  const methods = ["one", "two"].map((name) => ({
    ...{ name, scale: { kind: "raw" as const } },
    method: { name, fit: () => undefined, forecast: () => new Float64Array() },
  }));
  const said = (values: number[]) => values.map((value) => Float64Array.of(value));
  const past = [
    { candidate: methods[0], said: said([0, 0, 9]) },
    { candidate: methods[1], said: said([5, 5, 0]) },
  ];
  // The first is right at the first two times alone, the second at the last.
  const truth = said([0, 0, 0]);
  const crossed = crossBlended(past, truth).map(([value]) => value);
  assertEquals(crossed[2], 9);
  assert(crossed[0] > 0 && crossed[1] > 0, `${crossed}`);
});

Deno.test("scales: there and back, and the power by which seasons vary alike", () => {
  const y = growing(72, 4);
  for (const scale of [{ kind: "log" }, { kind: "boxCox", lambda: 0.4 }] as const) {
    fromScale(scale, toScale(scale, y)).forEach((value, t) =>
      assertAlmostEquals(value, y[t], 1e-9)
    );
  }
  assert(guerreroLambda(y, 12) < 0.3);
  const even = y.map((_, t) => 100 + 5 * t + 20 * Math.sin(Math.PI * t / 6));
  assertEquals(guerreroLambda(even, 12), 1);
});

Deno.test("series: steps are found, gaps filled, dates go on", () => {
  const values = months.map((_, t) => t);
  const gaps = values.map((value) => value % 7 === 3 ? null : value);
  const { step, filled, values: even } = regularSeries([...months].reverse(), [...gaps].reverse());
  assertEquals([step, filled.length, [...even]], ["month", 10, values]);
  const ends = ["2024-01-31", "2024-02-29", "2024-03-31"];
  assertEquals(regularSeries(ends, [1, 2, 3]).step, "month");
  assertEquals(dateOfStep({ step: "month", first: "2024-01-31" }, 13), "2025-02-28");
  assertEquals(regularSeries(["2024-01-01", "2024-01-08", "2024-01-22"], [1, 2, 4]).step, "week");
  assertEquals(regularSeries(["2024-03-30", "2024-03-31", "2024-04-01"], [1, 2, 4]).step, "day");
  assertEquals(regularSeries(["2022-01", "2022-04", "2022-07"], [1, 2, 4]).step, "quarter");
  assertEquals(
    regularSeries(["2020", "2021", "2022"].map((year) => `${year}-06-30`), [1, 2, 4]).step,
    "year",
  );
  assertEquals(usualSeasons.month, [12]);
});

Deno.test("series: what cannot be read is refused by name", () => {
  const refused = (dates: string[], values: (number | null)[], message: string) =>
    assertThrows(() => regularSeries(dates, values), DataError, message);
  refused(["2024-01", "2024-02", "2024-02"], [1, 2, 3], "2024-02-01 is there twice");
  refused(["2024-01", "2024-02"], [1, 2, 3], "it has 2 dates and 3 values");
  assertThrows(
    () =>
      regularSeries(["2024-01-01", "2024-02-01", "2024-03-01"], [1, 2, 3], { until: "2024-02-15" }),
    DataError,
    "2024-03-01 is after 2024-02-15",
  );
  refused(["2024-01", "2024-13", "2024-02"], [1, 2, 3], '"2024-13" is no date');
  refused(["2023-02-29", "2024-02-01", "2024-03-01"], [1, 2, 3], '"2023-02-29" is no date');
  refused(["2024-01", "2024-02", "2024-03"], [1, NaN, 3], "the value of 2024-02 is NaN");
  refused(["2024-01", "2024-02", "2024-03"], [1, null, 3], "it has 2 values");
  refused(["2024-01-01", "2024-01-04", "2024-02-19", "2024-03-02"], [1, 2, 3, 4], "even steps");
  refused(["2024-01-01", "2024-02-01", "2024-02-02", "2024-02-03"], [1, 2, 3, 4], "30 of 34 steps");
});

Deno.test("totals: events of any days add up to steps, and empty steps are 0", () => {
  const dates = ["2024-12-30", "2025-01-05", "2025-01-06", "2025-03-31", "2024-12-30"];
  const of = (step: SeriesStep, options: { from?: string; until?: string } = {}) => {
    const { first, values, filled } = totalsByStep(dates, [1, 2, 4, 8, 16], { step, ...options });
    assertEquals(filled, []);
    return [first, ...values];
  };
  assertEquals(of("month"), ["2024-12-01", 17, 6, 0, 8]);
  assertEquals(of("quarter"), ["2024-10-01", 17, 14]);
  assertEquals(of("year"), ["2024-01-01", 17, 14]);
  // 30 December 2024 was a Monday.
  assertEquals(of("week").slice(0, 4), ["2024-12-30", 19, 4, 0]);
  assertEquals(of("day").length, 1 + 92);
  assertEquals(of("month", { from: "2024-11-15", until: "2025-04-30" }), [
    ...["2024-11-01", 0, 17, 6, 0, 8, 0],
  ]);
  const refused = (from: string, until: string, amounts: number[], message: string) =>
    assertThrows(
      () => totalsByStep(dates, amounts, { step: "month", from, until }),
      DataError,
      message,
    );
  refused("2025-01-01", "2025-12-31", [1, 2, 4, 8, 16], "2024-12-30 is before 2025-01-01");
  refused("2024-01-01", "2025-01-31", [1, 2, 4, 8, 16], "2025-03-31 is after 2025-01-31");
  refused("2024-01-01", "2025-12-31", [1, NaN, 4, 8, 16], "the amount of 2025-01-05 is NaN");
  refused("2024-01-01", "2025-12-31", [1], "5 dates and 1 amounts");
});
