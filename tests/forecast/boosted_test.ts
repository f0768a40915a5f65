/** Boosting on lags and the calendar. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError, Random, UsageError } from "../../src/base/mod.ts";
import { holidaysBetween } from "../../src/calendar/mod.ts";
import {
  boosted,
  dateOfStep,
  fitAutomatic,
  forecastAutomatic,
  type LagLearner,
} from "../../src/forecast/mod.ts";
import { gradientBoostingRegressor } from "../../src/learners/mod.ts";

const learner: LagLearner = gradientBoostingRegressor({
  ...{ nEstimators: 60, learningRate: 0.1, maxDepth: 3, minDataInLeaf: 2 },
});

/** Days on which each week has its shape, and around Diwali much is spent. */
function festiveDays(years: number): { y: Float64Array; first: string } {
  const first = "2015-01-01";
  const days = 365 * years;
  const last = dateOfStep({ step: "day", first }, days - 1);
  const diwali = new Set(
    holidaysBetween({ country: "IN" }, first, last).filter(({ name }) => name === "Diwali")
      .map(({ date }) => date),
  );
  assert(diwali.size >= years - 1);
  const random = new Random(3);
  const y = Float64Array.from({ length: days }, (_, t) => {
    const date = dateOfStep({ step: "day", first }, t);
    return 100 + 10 * (t % 7 === 2 ? 1 : 0) + (diwali.has(date) ? 80 : 0) + random.normal();
  });
  return { y, first };
}

Deno.test("boosted: the calendar tells of a feast that lags cannot know", async () => {
  const { y, first } = festiveDays(6);
  // Diwali of 2020 is on 14 November, step 2144.
  const known = y.subarray(0, 2140);
  const calendar = { step: "day", first, place: { country: "IN" } } as const;
  const said = async (method: ReturnType<typeof boosted>) =>
    method.forecast((await method.fit(known, 7))!, 8);
  const [blind, seeing] = await Promise.all([
    said(boosted({ learner })),
    said(boosted({ learner, calendar })),
  ]);
  assertEquals(dateOfStep(calendar, 2144), "2020-11-14");
  assert(seeing[4] > 150 && blind[4] < 125, `${seeing[4]} and ${blind[4]}`);
  for (const h of [0, 1, 2, 3]) assert(Math.abs(seeing[h] - y[2140 + h]) < 8, `${seeing[h]}`);
});

Deno.test("boosted: a fitted model survives JSON, and sees nothing of what comes", async () => {
  const { y } = festiveDays(1);
  const method = boosted({ learner });
  const model = (await method.fit(y.subarray(0, 300), 7))!;
  const said = method.forecast(model, 10);
  assertEquals(boosted().forecast(JSON.parse(JSON.stringify(model)), 10), said);
  const changed = y.map((value, t) => t < 300 ? value : 9 * value);
  assertEquals(method.forecast((await method.fit(changed.subarray(0, 300), 7))!, 10), said);
  assertEquals(await method.fit(y.subarray(0, 20), 7), undefined);
});

Deno.test("boosted: an automatic choice tries it where there is a learner", async () => {
  const { y, first } = festiveDays(1);
  const options = { horizon: 7, seasons: [7], origins: 3, methods: ["seasonalNaive", "boosted"] };
  const boosting = { learner, calendar: { step: "day", first } } as const;
  const model = await fitAutomatic(y, { ...options, boosting });
  assert("boosted log" in model.errors && "seasonalNaive raw" in model.errors);
  assert(forecastAutomatic(model, 7).every((value) => value > 80 && value < 130));
  await assertRejects(() => fitAutomatic(y, options), UsageError, "by boosted without");
});

Deno.test("boosted: years without a table of holidays are refused", async () => {
  const { y } = festiveDays(1);
  const calendar = { step: "day", first: "2035-06-01", place: { country: "IN" } } as const;
  const method = boosted({ learner, calendar });
  await assertRejects(
    () => method.fit(y, 7),
    DataError,
    "Cannot tell the holidays of India in 2036",
  );
});
