/**
 * Spending by the tasks alone, with the permissions that they have: trained, promoted, served by
 * worker threads, fed back, watched, trained again and rolled back.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { forecastAnswer } from "../../serve/predict/answers/forecast.ts";
import { ServerProcess } from "../serve/server_process.ts";
import { madeUpSpending } from "../../pipelines/spending/generate.ts";
import { smallParams, smallSpending } from "../spending/small_spending.ts";
import { Project } from "./project.ts";

const categories = ["groceries", "shopping", "travel", "utilities", null];
const ahead = ["2024-05", "2024-06", "2024-07"];

Deno.test("spending: a forecast goes the way of every model, from its training and back", async () => {
  await using project = await Project.create(["serve"]);
  const env = { USER: "ada", MLFLOW_TRACKING_URI: "" };
  const folder = join(project.path, "models");
  await Deno.mkdir(join(project.path, "data/raw"), { recursive: true });
  await Deno.writeTextFile(join(project.path, "data/raw/small.csv"), smallSpending);
  const pipeline = (name: string, params: Readonly<Record<string, unknown>>) =>
    project.task(
      "pipeline",
      [name, ...Object.entries(params).flatMap(([key, value]) => ["--param", `${key}=${value}`])],
      env,
    );
  const models = (...args: string[]) => project.task("models", args, env);
  // What comes is nothing like what was: gates that hold would refuse what learned from it.
  const loose = { max_mase: 1000, min_coverage: 0 };
  const given = { ...smallParams, ...loose, data: "data/raw/small.csv", folds: 1 };
  const first = await pipeline("spending", given);
  assertEquals(first.code, 0, first.stdout + first.stderr);
  const again = await pipeline("spending", given);
  assertStringIncludes(again.stdout + again.stderr, "export: CACHED");

  const listed = await models("list");
  assertMatch(listed.stdout, /spending +1 +\d{8}_\d{6}/);
  const shown = await models("show", "spending");
  assertStringIncludes(shown.stdout, "forecast: amount by month, 4 ahead");
  assertMatch(shown.stdout, /gates +mase \d/);

  // What came since the training, of a user more.
  const later = madeUpSpending({ users: 3, months: 42, seed: 3 });
  await Deno.writeTextFile(join(project.path, "data/raw/later.csv"), later);
  const store = join(folder, "log", "online.db");
  const brought = await pipeline("spending_features", { data: "data/raw/later.csv", store });
  assertEquals(brought.code, 0, brought.stdout + brought.stderr);
  assertStringIncludes(brought.stdout + brought.stderr, "3 entities written");
  await stored(project.path, folder, store);

  await labelled(project.path, folder);
  const watched = await pipeline("drift", { current: "models/log", model: "spending" });
  assert([0, 3].includes(watched.code), watched.stderr);
  assertStringIncludes(watched.stdout, "of the true values lie within the model's interval");

  const monitored = await pipeline("monitor", { log: "models/log" });
  assertEquals(monitored.code, 0, monitored.stderr);
  const status = JSON.parse(
    await Deno.readTextFile(join(folder, "log/monitoring/status.json")),
  ).models[0];
  assertEquals([status.quality.accuracy.value, status.quality.accuracy.rows > 0], [0, true]);
  const { overall, by_months_ahead: byAhead } = status.quality.forecasts;
  assertEquals([overall.coverage_80, Object.keys(byAhead)], [0, ["1", "2", "3"]]);
  assert(byAhead[3].mase > 1 && Math.abs(byAhead[2].mape - 90) < 0.1, JSON.stringify(byAhead));

  const retrained = await pipeline("retrain", {
    ...{ model: "spending", log: "models/log", force: true, min_new_rows: 20 },
  });
  assertEquals(retrained.code, 0, retrained.stdout + retrained.stderr);
  assertMatch(retrained.stdout, /spending: challenger\. .*mae [\d.]+ against [\d.]+/);
  const promoted = await models("promote", "spending", "--data", await newest(project.path));
  assertEquals(promoted.code, 0, promoted.stdout + promoted.stderr);
  for (const point of ["gates", "parity", "schema", "champion", "server"]) {
    assertMatch(promoted.stdout, new RegExp(`ok +${point}`));
  }
  const back = await models("rollback", "spending");
  assertEquals(back.code, 0, back.stdout + back.stderr);
  const history = await models("show", "spending");
  for (const what of ["rollback", "promote", "challenger", "publish"]) {
    assertStringIncludes(history.stdout, what);
  }
  const runs = await project.task("runs", ["best", "best_mase", "--lower", "--json"], env);
  assertEquals(runs.code, 0, runs.stderr);
  const [one, two] = JSON.parse(runs.stdout).runs;
  const compared = await project.task("runs", ["compare", one.id, two.id], env);
  assertEquals(compared.code, 0, compared.stderr);
  assertStringIncludes(compared.stdout, "best_coverage_80");
});

/** The newest rows that a retraining held out. */
async function newest(path: string): Promise<string> {
  for await (const { name } of Deno.readDir(join(path, "data/retraining"))) {
    if (name.endsWith("_newest.csv")) return join("data/retraining", name);
  }
  throw new Error("no rows were held out");
}

/** A server in the project's folder, and how it is asked. */
async function serving(project: string, folder: string, flags: string[]) {
  const all = ["--model", "spending", ...flags];
  const server = new ServerProcess(folder, all, {}, undefined, [], project);
  const { url } = await server.logged("listening") as { url: string };
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assertEquals(response.status, 200, await response.clone().text());
    return await response.json();
  };
  return { server, post, url };
}

/** Asks a server that reads what is known by now from the feature store. */
async function stored(project: string, folder: string, store: string): Promise<void> {
  const flags = ["--feature-store", store];
  const { server, post, url } = await serving(project, folder, flags);
  await using _ = server;
  const ask = async (record: Record<string, unknown>) =>
    forecastAnswer.parse(await post("/predict/spending", { horizon: 2, ...record }));
  for (const user of ["u0001", "u0003"]) {
    const total = await ask({ user });
    // The training knew u0001 up to April, and u0003 not at all.
    assertEquals(total.dates, ["2024-07", "2024-08"]);
    const parts = await Promise.all(
      categories.filter((category) => category !== null).map((category) => ask({ user, category })),
    );
    total.mean.forEach((value, h) => {
      const sum = parts.reduce((all, { mean }) => all + mean[h], 0);
      assert(Math.abs(value - sum) < 0.01, `${user}: ${value} and ${sum}`);
    });
  }
  // What a request says goes before what is stored, which goes before the training's.
  const plain = await ask({ user: "u0001", category: "travel" });
  const sent = await ask({
    ...{ user: "u0001", category: "travel" },
    history: [{ month: "2024-06", amount: 90_000 }],
  });
  assertEquals(sent.dates, plain.dates);
  assert(sent.mean[0] > plain.mean[0] + 1, `${sent.mean[0]} ${plain.mean[0]}`);
  const known = await fetch(`${url}/features/spending_history/u0003`);
  assertStringIncludes(await known.text(), "2024-06");
  const stranger = await fetch(`${url}/predict/spending`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "u0009" }),
  });
  assertEquals(stranger.status, 422);
  assertStringIncludes(await stranger.text(), "never seen");
  assertEquals(await server.stop(), 0);
}

/** Asks a server for months ahead, and tells it that each came to ten times that. */
async function labelled(project: string, folder: string): Promise<void> {
  const { server, post } = await serving(project, folder, ["--workers", "2"]);
  await using _ = server;
  for (const user of ["u0001", "u0002"]) {
    for (const category of categories) {
      const said = forecastAnswer.parse(
        await post("/predict/spending", { user, category, horizon: 3 }),
      );
      assertEquals(said.dates, ahead);
      for (const [h, month] of ahead.entries()) {
        const label = Number((10 * said.mean[h]).toFixed(2));
        const { request_id } = said;
        const { status } = await post("/feedback", { request_id, label, month });
        assertEquals(status, "matched");
      }
    }
  }
  const batch = await post("/predict/batch", {
    records: [{ user: "u0001" }, { user: "u0002", horizon: 2 }],
  });
  assertEquals(batch.predictions.map(({ dates }: { dates: string[] }) => dates.length), [4, 2]);
  const tensor = (name: string, data: string[]) => (
    { name, shape: [1], datatype: "BYTES", data }
  );
  const inferred = await post("/v2/models/spending/infer", {
    inputs: [tensor("user", ["u0001"]), tensor("month", ["2024-05"])],
  });
  assertEquals(inferred.outputs[0].name, "prediction");
  assertEquals(await server.stop(), 0);
}
