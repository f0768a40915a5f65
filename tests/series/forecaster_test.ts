/** A file of forecasts: read, asked and held to account. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { DataError, ModelError } from "../../src/base/mod.ts";
import { fitAutomatic, refitAutomatic } from "../../src/forecast/mod.ts";
import {
  decodeForecasts,
  encodeForecasts,
  Forecaster,
  forecastErrors,
  type ForecastFile,
  forecastSentence,
  historyOf,
  historyText,
  monthNumber,
  naiveScale,
  predictMonths,
} from "../../src/series/mod.ts";

const season = [0, 3, 8, 4, -2, -6, -9, -4, 2, 5, 3, -4];
const values = Array.from({ length: 40 }, (_, t) => 100 + t + season[t % 12]);
const model = await fitAutomatic(Float64Array.from(values), {
  ...{ horizon: 4, seasons: [12], origins: 3 },
});
const file: ForecastFile = {
  spec: { entity: "user", time: "time", amount: "amount", category: "category" },
  horizon: 4,
  levels: [0.8, 0.95],
  reconciliation: "bottomUp",
  series: [{ entity: "a", category: "food", first: "2022-11", values, model }],
  usual: model,
};
const forecaster = new Forecaster(decodeForecasts(encodeForecasts(file)));
const query = { entity: "a", category: "food", horizon: 4 };

Deno.test("series: a forecast has months, intervals around it, and parts that add up to it", () => {
  const said = forecaster.ask(query);
  assertEquals(said.months, ["2026-03", "2026-04", "2026-05", "2026-06"]);
  const { components: { trend, season: own }, bands, mean } = said;
  mean.forEach((value, h) => assertAlmostEquals(value, trend[h] + own[h], 1e-9));
  // The season is known exactly: the forecast goes on with it.
  mean.forEach((value, h) => assertAlmostEquals(value, 140 + h + season[(40 + h) % 12], 0.5));
  assertEquals(bands.map(({ level }) => level), [0.8, 0.95]);
  const [narrow, wide] = bands;
  mean.forEach((value, h) => {
    assert(wide.lower[h] <= narrow.lower[h] && narrow.lower[h] <= value);
    assert(value <= narrow.upper[h] && narrow.upper[h] <= wide.upper[h]);
  });
  assertAlmostEquals(said.yearBefore, values.slice(-12).reduce((sum, one) => sum + one, 0), 1e-9);
});

Deno.test("series: months that are sent go before those that are stored", () => {
  const same = forecaster.ask({
    ...query,
    history: [{ month: monthNumber("2026-02")!, amount: values[39] }],
  });
  assertEquals(same, forecaster.ask(query));
  const later = forecaster.ask({
    ...query,
    history: [{ month: monthNumber("2026-03")!, amount: 140 + season[4] }],
  });
  assertEquals(later.months[0], "2026-04");
  const other = forecaster.ask({
    ...query,
    history: values.slice(-3).map((value, i) => ({
      month: monthNumber("2025-12")! + i,
      amount: value + 60,
    })),
  });
  assert(other.mean[0] > forecaster.ask(query).mean[0] + 5, `${other.mean[0]}`);
});

/** Two categories, of which one began later, and their total. */
async function household(reconciliation: ForecastFile["reconciliation"]): Promise<Forecaster> {
  const rent = Array.from({ length: 30 }, (_, t) => 500 + 3 * t + (t * 7919 % 13));
  const own = [
    { category: "", values: values.map((value, t) => value + (rent[t - 10] ?? 0)) },
    { category: "food", values },
    { category: "rent", first: "2023-09", values: rent },
  ];
  const series = await Promise.all(own.map(async ({ first = "2022-11", ...one }) => ({
    ...{ ...one, entity: "a", first },
    model: await fitAutomatic(Float64Array.from(one.values), {
      ...{ horizon: 4, seasons: [12], origins: 3 },
    }),
  })));
  return new Forecaster(decodeForecasts(encodeForecasts({ ...file, reconciliation, series })));
}

for (const reconciliation of ["bottomUp", "weighted"] as const) {
  Deno.test(`series: a total is the sum of its categories, ${reconciliation}`, async () => {
    const asked = await household(reconciliation);
    const meansOf = (category: string, more = {}) =>
      asked.ask({ entity: "a", category, horizon: 6, ...more }).mean;
    const agrees = (more = {}) => {
      const [total, food, rent] = ["", "food", "rent"].map((one) => meansOf(one, more));
      total.forEach((value, h) => assertAlmostEquals(value, food[h] + rent[h], 1e-6));
      return total;
    };
    const before = agrees();
    // What is known of categories by now makes another total, and the same for all.
    const month = monthNumber("2026-03")!;
    const history = [
      { category: "food", month, amount: 900 },
      { category: "rent", month, amount: 700 },
    ];
    const total = agrees({ history, from: month + 1 });
    assert(total[0] > before[1] + 20, `${total[0]} ${before[1]}`);
    // Of a month in which one category is known already, the other is forecast.
    const [first] = meansOf("", { history: history.slice(0, 1) });
    assertAlmostEquals(first, 900 + meansOf("rent", { history: history.slice(0, 1) })[0], 1e-6);
    assertEquals(asked.lastOf("a", "", history.slice(0, 1)), month - 1);
    // A total that is sent itself stands alone.
    const alone = asked.ask({
      entity: "a",
      category: "",
      horizon: 1,
      history: [{ month, amount: 5 }],
    });
    assertEquals(alone.months, ["2026-04"]);
  });
}

Deno.test("series: categories that were never seen are known from what is stored of them", () => {
  const history = ["food", "rent"].flatMap((category, k) =>
    Array.from({ length: 8 }, (_, i) => (
      { category, month: monthNumber("2026-01")! + i, amount: 100 * (k + 1) + i }
    ))
  );
  const ask = (category: string) =>
    forecaster.ask({ entity: "new", category, horizon: 3, history }).mean;
  const [food, rent] = [ask("food"), ask("rent")];
  ask("").forEach((value, h) => assertAlmostEquals(value, food[h] + rent[h], 1e-9));
  const few = history.slice(0, 2);
  assertThrows(
    () => forecaster.ask({ entity: "new", category: "food", horizon: 1, history: few }),
    DataError,
    "it has 2 months, wanted 3",
  );
});

Deno.test("series: a stored history is read as it was written, and nothing else is", () => {
  const told = new Map([["food", new Map([[monthNumber("2026-01")!, 9.5]])]]);
  const month = monthNumber("2026-01")!;
  assertEquals(historyOf(historyText(told)), [{ category: "food", month, amount: 9.5 }]);
  for (const text of ["", "5", "null", "[]", '{"food":3}', '{"food":{"May":1}}']) {
    assertThrows(() => historyOf(text), DataError, "Cannot read a stored history");
  }
  assertThrows(() => historyOf('{"food":{"2026-01":null}}'), DataError, "no finite amount");
});

Deno.test("series: of whom nothing is known, months are needed", () => {
  const stranger = { entity: "z", category: "", horizon: 2 };
  const error = assertThrows(() => forecaster.ask(stranger), DataError, "never seen");
  assertStringIncludes(error.next!, "history");
  const history = Array.from({ length: 5 }, (_, i) => (
    { month: monthNumber("2026-01")! + i, amount: 500 + i }
  ));
  const { months, mean, bands } = forecaster.ask({ ...stranger, history });
  assertEquals([months, bands.length], [["2026-06", "2026-07"], 2]);
  assert(mean.every((value) => value > 400 && value < 700), `${mean}`);
  // What never was anything tells nothing of how much it may become.
  const nothing = history.map((sent) => ({ ...sent, amount: 0 }));
  const past = { relative: true, sizes: [0.1, 0.1], ratios: [1] };
  const zeros = new Forecaster({ ...file, usual: { ...model, past } })
    .ask({ ...stranger, history: nothing });
  assertEquals([zeros.mean, zeros.bands], [[0, 0], []]);
  const gap = [{ month: monthNumber("2030-01")!, amount: 1 }];
  assertThrows(() => forecaster.ask({ ...query, history: gap }), DataError, "are missing");
});

Deno.test("series: what is known already, or too far ahead, is no forecast", () => {
  const from = (month: string) => ({ ...query, from: monthNumber(month)! });
  assertThrows(() => forecaster.ask(from("2026-02")), DataError, "is known already");
  assertThrows(() => forecaster.ask(from("2032-01")), DataError, "months ahead");
  const all = forecaster.ask(query);
  const tail = forecaster.ask({ ...query, from: monthNumber("2026-05")!, horizon: 2 });
  assertEquals([tail.months, tail.mean], [all.months.slice(2), all.mean.slice(2)]);
  assertEquals(tail.bands[0].upper, all.bands[0].upper.slice(2));
});

Deno.test("series: rows are predicted as requests are", () => {
  const columns = {
    user: ["a", "a"],
    category: ["food", "food"],
    month: ["2026-03-01", "2026-04"],
  };
  const { mean, lower, upper } = predictMonths(forecaster, columns, 2);
  const said = forecaster.ask(query);
  assertEquals([...mean], said.mean.slice(0, 2));
  assertEquals([...lower], said.bands[0].lower.slice(0, 2));
  assertEquals([...upper], said.bands[0].upper.slice(0, 2));
  const wrong = { ...columns, month: ["soon", "2026-04"] };
  assertThrows(() => predictMonths(forecaster, wrong, 2), DataError, "is no month");
});

Deno.test("series: spending is never forecast below 0 where it never was", () => {
  const falling = Array.from({ length: 30 }, (_, t) => Math.max(0, 60 - 2 * t));
  const series = [{
    ...file.series[0],
    values: falling,
    model: refitAutomatic(
      model,
      Float64Array.from(falling),
    ),
  }];
  const { mean, bands } = new Forecaster({ ...file, series }).ask({ ...query, horizon: 12 });
  assert([...mean, ...bands.flatMap(({ lower }) => lower)].every((value) => value >= 0));
});

Deno.test("series: a file that holds something else is refused", () => {
  const read = (text: string) => decodeForecasts(new TextEncoder().encode(text));
  assertThrows(() => read("ONNX"), ModelError, "no JSON");
  assertThrows(() => read("null"), ModelError, "no object");
  assertThrows(() => read("{}"), ModelError, "lacks");
  const { ratios: _, ...lacking } = JSON.parse(new TextDecoder().decode(encodeForecasts(file)));
  assertThrows(() => read(JSON.stringify(lacking)), ModelError, "lacks errors of the past");
  // What series share is written once, and is the same again; files of before had it in each.
  const twice = { ...file, series: [file.series[0], { ...file.series[0], category: "rent" }] };
  const [one, other] = decodeForecasts(encodeForecasts(twice)).series;
  assertEquals(one.model, model);
  assert(one.model.past!.ratios === other.model.past!.ratios);
  assertEquals(read(JSON.stringify(twice)).series[1].model, model);
  const broken = { ...file, series: [{ ...file.series[0], values: [1, null] }] };
  assertThrows(() => read(JSON.stringify(broken)), ModelError, "is not whole");
});

Deno.test("series: errors are those of their definitions", () => {
  const bands = [
    { level: 0.8, lower: 90, upper: 130 },
    { level: 0.95, lower: 60, upper: 140 },
  ];
  const found = forecastErrors([
    { came: 120, said: 100, scale: 10, bands },
    { came: 0, said: 50, scale: 25, bands: [] },
    { came: 80, said: 100, scale: 20, bands },
  ]);
  assertAlmostEquals(found.mase, (2 + 2 + 1) / 3, 1e-12);
  assertAlmostEquals(found.mape, (100 / 6 + 25) / 2, 1e-12);
  assertAlmostEquals(found.smape, (4000 / 220 + 4000 / 180) / 2, 1e-12);
  assertEquals([found.coverage_80, found.coverage_95, found.width_80], [0.5, 1, 3]);
  // Quantiles .1, .9, .025, .975 and the median, scaled.
  const first = [0.1 * 30, 0.1 * 10, 0.025 * 60, 0.025 * 20, 0.5 * 20].reduce((a, b) => a + b) / 50;
  const third = [0.9 * 10, 0.1 * 50, 0.025 * 20, 0.025 * 60, 0.5 * 20].reduce((a, b) => a + b) /
    100;
  assertAlmostEquals(found.pinball, (first + third) / 2, 1e-12);
  assertAlmostEquals(found.crps, 2 * found.pinball, 1e-12);
  assertEquals(forecastErrors([]), {});
  assertEquals(naiveScale([1, 2, 4, 7], 2), 4);
  assertEquals(naiveScale([1, 2, 4], 12), 1.5);
  assertEquals(naiveScale([5, 5, 5], 1), 0.05);
});

Deno.test("series: a forecast in words says how sure it is, and whether it knows", () => {
  const about = { entity: "a", category: "", currency: "INR" };
  const forecast = {
    months: Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, "0")}`),
    mean: Array.from({ length: 12 }, () => 100),
    bands: [],
    yearBefore: 1000,
  };
  assertEquals(
    forecastSentence(forecast, about),
    "a will spend about 100 INR in January 2026; its past does not tell how sure that is. " +
      "From then to December 2026 it comes to about 1,200 INR, 20 % more than in the twelve " +
      "months before.",
  );
});
