/**
 * Spending by the tasks alone, with the permissions that they have: trained, promoted, served by
 * worker threads, fed back, watched, trained again and rolled back.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { forecastAnswer } from "../../serve/predict/answers/forecast.ts";
import { ServerProcess } from "../serve/server_process.ts";
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

/** Asks a server for months ahead, and tells it that each came to ten times that. */
async function labelled(project: string, folder: string): Promise<void> {
  await using server = new ServerProcess(
    folder,
    ["--model", "spending", "--workers", "2"],
    {},
    undefined,
    [],
    project,
  );
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
  for (const user of ["u0001", "u0002"]) {
    for (const category of categories) {
      for (const month of ahead) {
        const said = forecastAnswer.parse(
          await post("/predict/spending", { user, category, month, horizon: 1 }),
        );
        assertEquals(said.dates, [month]);
        const label = Number((10 * said.prediction).toFixed(2));
        await post("/feedback", { request_id: said.request_id, label });
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
