/** From a trained model over its server to the drift report, with nothing to set. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { z } from "zod";
import { writeDataSet } from "../../pipelines/credit_score/generate.ts";
import { driftJson } from "../../src/monitoring/report/drift_json.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { type Cell } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { toPolars } from "../table/to_polars.ts";
import { Project, root } from "./project.ts";
import { readUntil } from "../wait_until.ts";

const REQUESTS = 5000;
const BATCH = 500;

/** Columns that the requests shift, and how. */
const shifts: Readonly<Record<string, (value: Cell, row: number) => Cell>> = {
  Age: (value) => Number.isFinite(Number(value)) ? Number(value) + 12 : value,
  Interest_Rate: (value) => Number.isFinite(Number(value)) ? Number(value) * 1.4 : value,
  Occupation: (value, row) => row % 4 === 0 ? "Astronaut" : value,
  Credit_Mix: (value, row) => row % 3 === 0 ? null : value,
};

Deno.test("drift: 5,000 shifted requests to the server show exactly the shifted columns", async () => {
  await using project = await Project.create();
  const trained = await project.task("pipeline", [
    "train",
    ...["--param", "combinations=Baseline_GradientBoosting", "--param", "rounds=10"],
    ...["--param", "folds=2"],
  ]);
  assertEquals(trained.code, 0, trained.stderr);
  await sendRequests(project);

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

  assertMatch(stdout, /training data of .* \([\d,]+ rows of [\d,]+ customers\)/);
  assertEquals(found.current.customers, null);

  // The rows of the log, as files of every kind, have the verdicts of the log.
  const verdicts = ({ columns }: z.output<typeof driftJson>) =>
    columns.map(({ column, test, drifted, severity, current_missing }) => (
      { column, test, drifted, severity, current_missing }
    ));
  for (const path of await writeLogAsFiles(project)) {
    const run = await project.task("pipeline", ["drift", "--param", `current=${path}`]);
    assertEquals(run.code, 0, run.stderr);
    const json = await Deno.readTextFile(join(project.path, "reports/drift_latest.json"));
    assertEquals(verdicts(driftJson.parse(JSON.parse(json))), verdicts(found), path);
  }

  const gate = await project.task("pipeline", ["drift", "--param", "fail_on=medium"]);
  assertEquals(gate.code, 3, gate.stderr);
  // Eight rows of each customer, whose values repeat, are no drift.
  await writeDataSet(join(project.path, "data/others.csv"), { customers: 200, seed: 8 });
  const others = await project.task("pipeline", ["drift", "--param", "current=data/others.csv"]);
  assertMatch(others.stdout, /No drift: 22 columns [^]*\(1,600 rows of 200 customers\)/);
  const empty = await project.task("pipeline", ["drift", "--param", "to=2020-01-01"]);
  assertEquals(empty.code, 1);
  assertMatch(empty.stderr, /holds no predictions of .*until 2020-01-01[^]*choose a longer window/);
});

/** Writes the inputs in the prediction log as pandas and a spreadsheet do, and as Parquet. */
async function writeLogAsFiles(project: Project): Promise<string[]> {
  const records = await Array.fromAsync(
    readPredictions(join(project.path, "data/predictions"), {}),
  );
  const { input_schema } = (await latestBundle(join(project.path, "models"))).metadata;
  const cells = Object.fromEntries(
    input_schema.map(({ name }) => [name, records.map(({ inputs }) => inputs[name] ?? null)]),
  );
  const write = (name: string, separator: string, text: (value: Cell) => string) => {
    const lines = records.map((_, row) =>
      Object.values(cells).map((own) => `"${text(own[row])}"`).join(separator)
    );
    const head = Object.keys(cells).join(separator);
    return Deno.writeTextFile(join(project.path, name), `${head}\n${lines.join("\n")}\n`);
  };
  await write("data/pandas.csv", ",", (value) => String(value ?? ""));
  await write(
    "data/commas.csv",
    ";",
    (value) => typeof value === "number" ? String(value).replace(".", ",") : value ?? "",
  );
  toPolars({ rows: records.length, columns: cells }).writeParquet(
    join(project.path, "data/rows.parquet"),
  );
  return ["data/pandas.csv", "data/commas.csv", "data/rows.parquet"];
}

/** Sends the server a row each of customers that training has not seen. */
async function sendRequests(project: Project): Promise<void> {
  const path = join(project.path, "data/requests.csv");
  await writeDataSet(path, { customers: REQUESTS, seed: 7 });
  const { columns } = await readTable(path);
  const { input_schema } = (await latestBundle(join(project.path, "models"))).metadata;
  const records = Array.from(
    { length: REQUESTS },
    (_, i) =>
      Object.fromEntries(input_schema.map(({ name, kind }) => {
        const shift = shifts[name] ?? ((value: Cell) => value);
        const value = shift(columns[name][8 * i + i % 8], i);
        if (kind === "text" || value === null) return [name, value];
        // Clients send numbers: "28_" is one, "_" is none.
        const text = String(value).replaceAll("_", "");
        return [name, text !== "" && Number.isFinite(Number(text)) ? Number(text) : null];
      })),
  );
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", join(root, "serve/main.ts"), "--port", "0"],
    cwd: project.path,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = server.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const log = await readUntil(said, '"url":"http');
  const url = log.match(/"url":"([^"]+)"/)![1];
  for (let from = 0; from < REQUESTS; from += BATCH) {
    const answer = await fetch(`${url}/predict/batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ records: records.slice(from, from + BATCH) }),
    });
    assertEquals(answer.status, 200, await answer.text());
  }
  // Ended as a service manager would: it writes what is left of the log.
  server.kill("SIGTERM");
  while (!(await said.read()).done);
  await server.status;
}
