/** `/invocations` as the clients of MLflow and SageMaker send it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { nativeAnswers, records, withApp } from "./fixture.ts";
import { root, withServer } from "./server_process.ts";

const python = join(root, ".venv/bin/python");
const hasPython = await Deno.stat(python).then(() => true, () => false);

const some = records.slice(0, 3);
const names = Object.keys(some[0]);
const lines = some.map((record) => names.map((name) => record[name]));

/** Predictions as the model's file names them. */
async function expected() {
  return (await nativeAnswers(some)).map(({ prediction, probabilities }) => ({
    label: prediction,
    ...Object.fromEntries(
      Object.entries(probabilities).map(([label, value]) => [`probability_${label}`, value]),
    ),
  }));
}

/** Scores are Float32, written with the fewest digits. */
function rounded(predictions: Record<string, unknown>[]) {
  return predictions.map((row) =>
    Object.fromEntries(
      Object.entries(row).map((
        [name, value],
      ) => [name, typeof value === "number" ? Math.round(value * 1e5) / 1e5 : value]),
    )
  );
}

Deno.test("invocations: every form gives what /predict gives", () =>
  withApp(async ({ call }) => {
    const columns = Object.fromEntries(
      names.map((name) => [name, some.map((record) => record[name])]),
    );
    const csvCell = (value: unknown) =>
      value === null ? "" : `"${String(value).replaceAll('"', '""')}"`;
    const csv = [names, ...lines].map((line) => line.map(csvCell).join(",")).join("\n");
    const wanted = rounded(await expected());
    const bodies: [unknown, Record<string, string>?][] = [
      [{ dataframe_split: { columns: names, index: [0, 1, 2], data: lines } }],
      [{ dataframe_records: some }],
      [{ instances: some }],
      [{ instances: some, params: {} }],
      [{ inputs: columns }],
      [{ inputs: some }],
      [`\ufeff${csv}\r\n`, { "content-type": "text/csv; charset=utf-8" }],
    ];
    for (const [body, headers] of bodies) {
      const response = await call("/invocations", body, headers);
      assertEquals(response.status, 200, JSON.stringify(body));
      const { predictions } = await response.json();
      assertEquals(rounded(predictions), wanted, JSON.stringify(body));
    }
    const missing = await call("/invocations", '{"instances": [{"Age": NaN, "Job": "a NaN"}]}');
    assertEquals(missing.status, 200);
    assertEquals((await call("/ping")).status, 200);
  }));

Deno.test("invocations: what is none of the forms is refused with what is wanted", () =>
  withApp(async ({ call }) => {
    const refused = async (body: unknown, status = 400, type = "application/json") => {
      const response = await call("/invocations", body, { "content-type": type });
      assertEquals(response.status, status, JSON.stringify(body));
      const { detail, errors } = await response.json();
      return detail + JSON.stringify(errors ?? "");
    };
    assertMatch(await refused({ records: some }), /wanted one of dataframe_split, dataframe_rec/);
    assertMatch(await refused({ instances: some, inputs: some }), /wanted one of/);
    assertMatch(await refused([]), /wanted one of/);
    assertMatch(await refused({ constructor: [] }), /wanted one of/);
    assertMatch(await refused({ instances: [] }), /instances has no rows/);
    assertMatch(await refused({ instances: [[1, 2]] }), /row 0 of instances names no columns/);
    assertMatch(await refused({ inputs: { Age: [1], Job: [] } }), /differ in length: 1, 0/);
    assertMatch(await refused({ inputs: { Age: 1 } }), /"Age" is no list/);
    assertMatch(await refused({ inputs: 3 }), /neither an object nor a list/);
    assertMatch(
      await refused({ dataframe_split: { columns: ["Age"], data: [[1, 2]] } }),
      /row 0 has not 1/,
    );
    assertMatch(await refused({ dataframe_split: { columns: ["Age", "Age"], data: [] } }), /twice/);
    assertMatch(await refused({ dataframe_split: {} }), /no list of columns/);
    assertMatch(await refused({ instances: some, params: { a: 1 } }), /takes no params/);
    assertMatch(await refused("{"), /no JSON/);
    assertMatch(await refused("Age\n", 400, "text/csv"), /no rows/);
    assertMatch(await refused('Age\n"1', 400, "text/csv"), /no CSV/);
    assertMatch(await refused("x", 415, "application/x-parquet"), /Cannot read a body of type/);
    assertMatch(
      await refused({ dataframe_records: [{ Age: 1 }, { Agee: 1 }] }, 422),
      /\/dataframe_records\/1\/Agee/,
    );
    assertEquals((await refused({ instances: Array(3).fill({ Age: 1 }) }, 413)).length > 0, true);
  }, { flags: ["--batch-limit", "2"] }));

Deno.test("invocations: without a model nobody is told that it can predict", () =>
  withApp(async ({ call }) => {
    assertEquals((await call("/ping")).status, 503);
    assertEquals((await call("/invocations", { instances: some })).status, 503);
  }, { empty: true }));

const program = `
import json, sys, pandas as pd, mlflow
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
host, port, rows = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
client = ScoringServerClient(host, port)
client.ping()
frame = pd.DataFrame(rows)
print(json.dumps({"version": client.get_version(), "predictions":
  client.invoke(frame).get_predictions().to_dict(orient="records")}))
`;

for (const workers of ["1", "2"]) {
  Deno.test({
    name: `invocations: MLflow's own client gets predictions (--workers ${workers})` +
      (hasPython ? "" : " (needs .venv with mlflow)"),
    ignore: !hasPython,
    fn: () =>
      withServer(["--workers", workers], async (_, url) => {
        const { hostname, port } = new URL(url);
        const { success, stdout, stderr } = await new Deno.Command(python, {
          args: ["-c", program, hostname, port, JSON.stringify(some)],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        const { version, predictions } = JSON.parse(new TextDecoder().decode(stdout));
        assertEquals(JSON.parse(version).model_name, "Model0");
        assertEquals(rounded(predictions), rounded(await expected()));
      }),
  });
}
