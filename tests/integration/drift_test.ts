/** From a trained model and its prediction log to the drift report, with nothing to set. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { writeDataSet } from "../../pipelines/credit_score/generate.ts";
import { driftJson } from "../../pipelines/monitoring/drift_json.ts";
import { openModel } from "../../src/onnx/session.ts";
import { RotatedLog } from "../../src/prediction_log/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { type Cell, readTable } from "../../src/table/mod.ts";
import { Project } from "./project.ts";

const REQUESTS = 5000;

/** Columns that the requests shift, and how. */
const shifts: Readonly<Record<string, (value: Cell, row: number) => Cell>> = {
  Age: (value) => Number.isFinite(Number(value)) ? Number(value) + 12 : value,
  Interest_Rate: (value) => Number.isFinite(Number(value)) ? Number(value) * 1.4 : value,
  Occupation: (value, row) => row % 4 === 0 ? "Astronaut" : value,
  Credit_Mix: (value, row) => row % 3 === 0 ? null : value,
};

Deno.test("drift: the log of 5,000 shifted requests shows exactly the shifted columns", async () => {
  await using project = await Project.create();
  const trained = await project.task("pipeline", [
    "train",
    ...["--param", "combinations=Baseline_GradientBoosting", "--param", "rounds=10"],
    ...["--param", "folds=2"],
  ]);
  assertEquals(trained.code, 0, trained.stderr);
  await logRequests(project);

  const { code, stdout, stderr } = await project.task("pipeline", ["drift"]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /drift in 4 of 22 columns: /);
  const found = driftJson.parse(
    JSON.parse(await Deno.readTextFile(join(project.path, "reports/drift_latest.json"))),
  );
  const drifted = found.columns.filter((column) => column.drifted).map(({ column }) => column);
  assertEquals(drifted.sort(), Object.keys(shifts).sort());
  assertEquals(found.current.rows, REQUESTS);
  const occupation = found.columns.find(({ column }) => column === "Occupation")!;
  assertEquals(occupation.unseen?.categories, ["Astronaut"]);
  assert(found.estimated !== null && found.estimated.f1!.value! > 0.3);
  assert((await project.names("reports")).includes(found.report));

  const gate = await project.task("pipeline", ["drift", "--param", "fail_on=medium"]);
  assertEquals(gate.code, 3, gate.stderr);
  const empty = await project.task("pipeline", ["drift", "--param", "to=2020-01-01"]);
  assertEquals(empty.code, 1);
  assertMatch(empty.stderr, /holds no predictions of .*until 2020-01-01[^]*choose a longer window/);
});

/** Writes the log that the server would: a row each of customers that training has not seen. */
async function logRequests(project: Project): Promise<void> {
  const path = join(project.path, "data/requests.csv");
  await writeDataSet(path, { customers: REQUESTS, seed: 7 });
  const { columns } = await readTable(path);
  const bundle = await latestBundle(join(project.path, "models"));
  const { model_name, version: model_version, input_schema } = bundle.metadata;
  const row = (request: number) => 8 * request + request % 8;
  const inputs = Object.fromEntries(input_schema.map(({ name, kind }) => [
    name,
    Array.from({ length: REQUESTS }, (_, i) => {
      const shift = shifts[name] ?? ((value: Cell) => value);
      const value = shift(columns[name][row(i)], i);
      if (kind === "text" || value === null) return value;
      // Clients send numbers: "28_" is one, "_" is none.
      const text = String(value).replaceAll("_", "");
      return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
    }),
  ]));
  const model = await openModel(bundle.modelPath);
  const { labels, probabilities } = await model.predict(inputs as Record<string, string[]>);
  const log = new RotatedLog({
    folder: join(project.path, "data/predictions"),
    kind: "predictions",
    maxFileBytes: 1e7,
    maxAgeDays: 30,
    maxTotalBytes: 1e9,
    onLost: (lines, reason) => {
      throw new Error(`${lines} lines lost: ${reason}`);
    },
  });
  const start = Date.now() - REQUESTS * 1000;
  for (let i = 0; i < REQUESTS; i++) {
    log.write({
      time: new Date(start + 1000 * i).toISOString(),
      request_id: `request-${i}`,
      model_name,
      model_version,
      role: "champion",
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, cells]) => [name, cells[i]])),
      prediction: labels[i],
      probabilities: Object.fromEntries(
        model.classes.map((label, k) => [label, probabilities.data[k * REQUESTS + i]]),
      ),
      latency_ms: 1,
    });
  }
  await log.close();
  await model.close();
}
