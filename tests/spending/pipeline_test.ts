/** The pipeline of spending: trained, gated, tracked, served, watched, and its rows come back. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { z } from "zod";
import declared from "../../pipelines/spending.ts";
import { problemSchema } from "../../serve/openapi/schemas.ts";
import { forecastAnswer } from "../../serve/predict/answers/forecast.ts";
import { parity } from "../../src/promotion/checks/parity.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { newRowsOf, writeRetrainFiles } from "../../src/retraining/new_rows.ts";
import { decodeForecasts } from "../../src/series/mod.ts";
import { find } from "../monitoring/files.ts";
import { type Observed, withObserved } from "../serve/observed.ts";
import { runInFolder, type Trained } from "../training/run_in_folder.ts";
import { smallParams, smallSpending, spentIn } from "./small_spending.ts";

const trained = (check: (trained: Trained) => Promise<void>, more = {}) =>
  runInFolder(declared, smallSpending, check, { ...smallParams, ...more });

/** Serves what was trained. */
const served = (models: string, test: (observed: Observed) => Promise<void>) =>
  withObserved(test, {
    flags: ["--model", "spending", "--extra-models", "any"],
    models: async (folder) => {
      for await (const { name } of Deno.readDir(models)) {
        await Deno.copyFile(join(models, name), join(folder, name));
      }
    },
  });

Deno.test("spending: each series is chosen, judged, tracked and kept as plain data", () =>
  trained(async ({ status, error, lines, models, folder, tracked }) => {
    assertEquals([status, error], ["succeeded", ""]);
    assertMatch(lines, /Series: +10, of 2 users, 2021-01 to 2024-04/);
    assertMatch(lines, /MASE \d\.\d+ \(seasonal naive \d\.\d+\)/);
    const bundle = await latestBundle(models, "spending");
    const { metadata } = bundle;
    assertEquals(metadata.model_file, "forecast");
    assertEquals(metadata.task, {
      ...{ kind: "forecast", column: "amount", step: "month", horizon: 4, levels: [0.8, 0.95] },
    });
    assert(bundle.modelPath.endsWith("_forecast.json"), bundle.modelPath);
    const { series, usual } = decodeForecasts(await readModel(bundle));
    const total = series.find(({ entity, category }) => entity === "u0002" && category === "")!;
    assertAlmostEquals(total.values.at(-1)!, spentIn("u0002", "", "2024-04"), 0.05);
    assert(usual.past !== undefined && usual.past.relative);
    for (const name of ["mase", "mape", "smape", "pinball", "crps", "coverage_80", "coverage_95"]) {
      assert(Number.isFinite(metadata.metrics[name]), name);
    }
    assertEquals(metadata.acceptance!.gates!.map(({ metric }) => metric), ["mase", "coverage_80"]);
    // Whoever asks what the model takes hears nothing of whom it knows.
    assertEquals(JSON.stringify(metadata.input_schema).includes("u0001"), false);
    const { passed, found } = await parity.look(
      { candidate: { metadata, file: await readModel(bundle) } } as never,
    );
    assert(passed, found);

    const texts = [...await tracked()];
    const text = (ending: string) => texts.find(([path]) => path.endsWith(ending))?.[1] ?? "";
    // A value for each month ahead, and for each origin.
    assertEquals(text("metrics/mase").trim().split("\n").length, 4);
    assertEquals(text("metrics/coverage_95_by_origin").trim().split("\n").length, 2);
    assertStringIncludes(text("MLmodel"), '"dinoflow"');
    assertEquals(decodeForecasts(new TextEncoder().encode(text("model.json"))).horizon, 4);
    assertStringIncludes(text("model_card/what_comes_next.json"), "components");
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".html")) continue;
      const page = await Deno.readTextFile(join(folder, name));
      for (const title of ["Residuals", "What comes next", "By months ahead", "Chosen methods"]) {
        assertStringIncludes(page, title);
      }
    }

    await served(models, async ({ call, flush, folder: at }) => {
      await checkAnswers(call, metadata.version);
      await checkRefusals(call);
      await checkFeedback(call);
      await flush();
      const log = join(at, "log");
      const found = await find({ current: log, models: at, model: "spending" });
      // The answers of the log are held to the band that each was given with.
      const interval = found.quality?.json.interval as { value: number; promised: number };
      assertEquals([interval.value, interval.promised], [0, 0.8]);
      const { overall, by_months_ahead: ahead } = found.quality?.json.forecasts as {
        overall: Record<string, number>;
        by_months_ahead: Record<string, Record<string, number>>;
      };
      assertEquals(Object.keys(ahead), ["1", "2", "3"]);
      assertEquals(ahead[3].coverage_95, 0);
      assert(overall.mape > 1000 && ahead[2].mase > 0, JSON.stringify(overall));

      const names = new Set([`spending_v_${metadata.version}`]);
      const fresh = await newRowsOf(metadata, names, log);
      assertEquals(
        fresh.records.map(({ inputs, label }) => `${inputs.month} ${inputs.category} ${label}`),
        ["2024-05-01 travel 1", "2024-06-01 travel 2", "2024-07-01 travel 4"],
      );
      const files = await writeRetrainFiles(metadata, fresh, at);
      assertEquals([files.addedRows, files.newestRows], [3, 0]);
      const joined = await Deno.readTextFile(files.joined);
      assertStringIncludes(joined, "u0001,travel,2024-07-01,4");
    });
  }));

type Call = Observed["call"];

async function answerTo(call: Call, path: string, record: unknown) {
  const response = await call(path, record);
  assertEquals(response.status, 200, await response.clone().text());
  return forecastAnswer.parse(await response.json());
}

async function checkAnswers(call: Call, version: string): Promise<void> {
  const said = await answerTo(call, "/predict/spending", { user: "u0001", horizon: 12 });
  assertEquals([said.dates.length, said.dates[0], said.model_version], [12, "2024-05", version]);
  assertEquals(said.intervals.map(({ level }) => level), [0.8, 0.95]);
  said.mean.forEach((value, h) => {
    assertAlmostEquals(value, said.components.trend[h] + said.components.season[h], 0.01);
    for (const { lower, upper } of said.intervals) assert(lower[h] <= value && value <= upper[h]);
  });
  assertMatch(said.sentence, /^u0001 will spend about [\d,]+ INR in May 2024, between /);
  assertStringIncludes(said.sentence, "to April 2025");
  assertStringIncludes(said.warnings![0].done, "months have passed since 2024-04");
  const plain = await answerTo(call, "/predict", { user: "u0001", category: "travel" });
  assertEquals(plain.dates.length, 4);
  const later = await answerTo(call, "/predict", {
    ...{ user: "u0001", category: "travel", month: "2024-06", horizon: 2 },
  });
  assertEquals([later.dates, later.mean], [["2024-06", "2024-07"], plain.mean.slice(1, 3)]);
  const sent = await answerTo(call, "/predict/spending", {
    ...{ user: "u0001", category: "travel", currency: "INR" },
    history: [{ month: "2024-05", amount: 9000 }, { month: "2024-06", amount: "8000" }],
  });
  assertEquals(sent.dates[0], "2024-07");
  const parts = await Promise.all(
    ["groceries", "shopping", "travel", "utilities"].map((category) =>
      answerTo(call, "/predict/spending", { user: "u0001", category, horizon: 12 })
    ),
  );
  said.mean.forEach((value, h) => {
    assertAlmostEquals(value, parts.reduce((sum, { mean }) => sum + mean[h], 0), 0.01);
  });
  const months = ["2026-01", "2026-02", "2026-03", "2026-04"];
  const stranger = await answerTo(call, "/predict/spending", {
    ...{ user: "somebody", horizon: 2 },
    history: months.map((month) => ({ month, amount: 700 })),
  });
  assertEquals(stranger.dates, ["2026-05", "2026-06"]);
  assertStringIncludes(stranger.warnings![0].done, "never seen");
  const document = z.looseObject({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await call("/openapi.json")).json());
  assertStringIncludes(JSON.stringify(document.paths["/predict/spending"]), "history");
  const list = await (await call("/models/list")).json();
  assertEquals(list.names, ["spending"]);
  const info = await (await call("/model/info")).json();
  assertEquals([info.runtime, info.model_file], ["recursion", "forecast"]);
  assertEquals(JSON.stringify(info).includes("u0001"), false);
  const explained = await call("/explain", { user: "u0001" });
  assertEquals(explained.status, 409);
  assertStringIncludes(await explained.text(), "components");
}

async function checkRefusals(call: Call): Promise<void> {
  const known = { user: "u0001", category: "travel" };
  const past = (month: string, more = {}) => ({ month, amount: 5, ...more });
  const cases: [unknown, string, RegExp][] = [
    [{}, "/user", /wanted whose months/],
    [{ user: "nobody" }, "/user", /never seen.*history/],
    [
      { user: "u0001", category: "yachts" },
      "/category",
      /never seen of u0001; known are groceries/,
    ],
    [{ ...known, horizon: 0 }, "/horizon", /from 1 to 60/],
    [{ ...known, horizon: 2.5 }, "/horizon", /whole number/],
    [{ ...known, currency: "USD" }, "/currency", /found "USD", wanted amounts in INR/],
    [{ ...known, month: "2024-04" }, "/month", /known already: wanted 2024-05/],
    [{ ...known, month: "2039-01" }, "/month", /at most 60 after/],
    [{ ...known, history: [past("2099-01")] }, "/history/0/month", /lies in the future/],
    [
      { ...known, history: [past(new Date().toISOString().slice(0, 7))] },
      "/history/0/month",
      /not over yet/,
    ],
    [{ ...known, history: [past("2024-06"), past("2024-05")] }, "/history/1/month", /rising/],
    [{ ...known, history: [past("2024-05"), past("2024-05")] }, "/history/1/month", /twice/],
    [{ ...known, history: [past("2024-05", { amount: "NaN" })] }, "/history/0/amount", /finite/],
    [{ ...known, history: [past("2024-05", { amount: null })] }, "/history/0/amount", /finite/],
    [{ ...known, history: [past("2024-05", { amount: 1e308 })] }, "/history/0/amount", /1e15/],
    [{ ...known, history: [past("2024-05", { amount: "-1e16" })] }, "/history/0/amount", /1e15/],
    [{ ...known, history: [past("2024-05", { currency: "EUR" })] }, "/history/0/currency", /INR/],
    [{ ...known, history: [past("May 2024")] }, "/history/0/month", /wanted a month/],
    [{ ...known, history: "2024-05" }, "/history", /list/],
    [
      { ...known, history: [past("2024-05", { category: "groceries" })] },
      "/history/0/category",
      /asked is travel/,
    ],
    [{ ...known, history: [past("2024-05-15")] }, "/history/0/month", /wanted a month/],
    [{ ...known, history: [past("2024-W20")] }, "/history/0/month", /wanted a month/],
    [{ ...known, user: ["u0001"] }, "/user", /wanted text/],
    [{ ...known, amount: 3 }, "/amount", /no such field/],
  ];
  for (const [record, pointer, detail] of cases) {
    const response = await call("/predict/spending", record);
    assertEquals(response.status, 422, JSON.stringify(record));
    const { errors } = problemSchema.parse(await response.json());
    assertEquals(errors!.map((error) => error.pointer), [pointer], JSON.stringify(errors));
    assertMatch(errors![0].detail, detail);
  }
  const allTheSame = ["2024-01", "2024-02", "2024-03"].map((month) => past(month));
  const same = await answerTo(call, "/predict/spending", {
    ...{ user: "same", category: "rent", horizon: 2, history: allTheSame },
  });
  assertEquals(same.mean, [5, 5]);
  const few = await call("/predict/spending", { user: "few", history: allTheSame.slice(1) });
  assertEquals(few.status, 422);
  assertMatch(await few.text(), /never seen.*send 3 months or more/);
  const gap = await call("/predict/spending", { ...known, history: [past("2026-10")] });
  assertEquals(gap.status, 422);
  assertMatch(await gap.text(), /of its \d+ months are missing; send the months between/);
}

/** Actual amounts come back, month by month; far outside of what was said, and the first one twice. */
async function checkFeedback(call: Call): Promise<void> {
  const travel = { user: "u0001", category: "travel" };
  const tell = async (body: unknown) => {
    const told = await call("/feedback", body);
    assertEquals(told.status, 200, await told.clone().text());
    return (await told.json()).status;
  };
  const first = await answerTo(call, "/predict/spending", { ...travel, horizon: 1 });
  // Travel of a month is some thousands.
  assertEquals(await tell({ request_id: first.request_id, label: 5 }), "matched");
  const { request_id } = await answerTo(call, "/predict/spending", { ...travel, horizon: 3 });
  const came = [["2024-05", 1], ["2024-07", 4], ["2024-06", 2]];
  for (const [month, label] of came) {
    assertEquals(await tell({ request_id, label, month }), "matched");
  }
  const beyond = await call("/feedback", { request_id, label: 1, month: "2024-09" });
  assertEquals(beyond.status, 404, await beyond.clone().text());
  assertEquals((await call("/feedback", { request_id, label: 1, month: "May" })).status, 422);
  const unfit = await call("/feedback", { request_id: "x", label: "much" });
  assert(unfit.status >= 400);
  const metrics = await (await call("/metrics")).text();
  const figures = (name: string) =>
    metrics.split("\n").filter((line) => line.includes(`metric="${name}"`));
  for (const name of ["coverage_80", "coverage_80_ahead_1", "coverage_95_ahead_3"]) {
    assertEquals(figures(name).map((line) => line.split(" ").at(-1)), ["0"], metrics);
  }
  for (const name of ["mase", "mape_ahead_2"]) assertEquals(figures(name).length, 1, metrics);
}

Deno.test("spending: what misses a gate is tracked alone, and bad rows stop before anything is fitted", async () => {
  await trained(async ({ status, exitCode, lines, models }) => {
    assertEquals([status, exitCode], ["succeeded", 3]);
    assertStringIncludes(lines, "Gate missed: mase is");
    assertStringIncludes(lines, "Not published");
    assertEquals(await Array.fromAsync(Deno.readDir(models)), []);
  }, { max_mase: 0.001, folds: 1 });
  const [header, ...rows] = smallSpending.trim().split("\n");
  const foreign = [header, ...rows.slice(0, 50), rows[50].replace("INR", "USD")].join("\n");
  await runInFolder(declared, foreign, ({ status, error }) => {
    assertEquals(status, "failed");
    assertStringIncludes(error, 'row 51, currency: found "USD", wanted amounts in INR');
  }, smallParams);
});
