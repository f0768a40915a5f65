/** What Python's MLflow and ONNX Runtime see of a training. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { clean, fillWithinGroup } from "../../src/features/mod.ts";
import { onnxInputs, openModel } from "../../src/onnx_runtime/mod.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { freePort } from "../free_port.ts";
import { startMlflowServer } from "../tracking/mlflow_server.ts";
import { Project, python, root, run } from "./project.ts";

const small = ["--param", "trees=8", "--param", "rounds=6", "--param", "folds=3"];
const CUSTOMERS = 125;

interface ToldRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

interface Told {
  readonly parent: ToldRun;
  readonly children: readonly ToldRun[];
  readonly history: readonly number[];
  readonly datasets: readonly {
    readonly name: string;
    readonly profile: { readonly num_rows: number };
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly artifacts: readonly string[];
  readonly signature: readonly string[];
  readonly pyfunc: Readonly<Record<string, readonly (string | number)[]>>;
  readonly runtime: Readonly<Record<string, readonly (string | number)[]>>;
}

/** Trains on 1,000 rows, reads all back in Python and compares. */
async function trainAndCompare(project: Project, uri: string | undefined): Promise<void> {
  const data = ["--customers", String(CUSTOMERS), "--out", "data/raw/train.csv"];
  assertEquals((await project.task("data", data)).code, 0);
  const env: Record<string, string> = uri === undefined ? {} : { MLFLOW_TRACKING_URI: uri };
  const trained = await project.task("pipeline", ["train", ...small], env);
  assertEquals(trained.code, 0, trained.stderr);

  const bundle = await latestBundle(join(project.path, "models"));
  const state = bundle.metadata.feature_state;
  const table = await readTable(join(project.path, "data/raw/train.csv"));
  const rows = fillWithinGroup(clean(creditFeatures, table, { target: "required" }));
  const inputs = onnxInputs(state, rows);
  const model = await openModel(bundle.modelPath);
  const ours = await model.predict(inputs);
  await model.close();

  const rowsPath = join(project.path, "rows.json");
  // JSON has no NaN: a missing number is written as null.
  const plain = Object.entries(inputs).map(([name, values]) => [name, [...values]]);
  await Deno.writeTextFile(rowsPath, JSON.stringify(Object.fromEntries(plain)));
  const script = join(root, "tests/python/read_training.py");
  const store = uri ?? join(project.path, "mlruns");
  const answer = await run(python!, [script, store, "credit-score-training", rowsPath]);
  assertEquals(answer.code, 0, answer.stderr);
  const told: Told = JSON.parse(answer.stdout);

  compareRuns(told, bundle.metadata.metrics.f1_macro);
  assertEquals(told.parent.id, bundle.metadata.run_id);
  assertEquals(told.signature, Object.keys(creditFeatures.columns));
  for (const theirs of [told.pyfunc, told.runtime]) {
    assertEquals(theirs.label, ours.labels);
    model.classes.forEach((name, k) => {
      const column = theirs[`probability_${name}`];
      // Two releases of ONNX Runtime may add Float32 numbers in another order.
      column.forEach((value, i) => {
        const difference = Math.abs(Number(value) - ours.probabilities.data[k * rows.rows + i]);
        assert(difference <= 1e-6, `row ${i}, ${name}: ${difference}`);
      });
    });
  }
}

function compareRuns(told: Told, bestF1: number): void {
  const { parent, children } = told;
  assert(/^training_\d{8}_\d{6}$/.test(parent.name), parent.name);
  assertEquals(parent.status, "FINISHED");
  assertEquals(parent.params.cv_folds, "3");
  assertEquals(parent.params.n_samples, String(8 * CUSTOMERS));
  assert(Number(parent.params.n_features) > 40);
  assert("nEstimators" in parent.params);
  assertEquals(parent.metrics.best_f1_macro, bestF1);
  for (const name of ["best_accuracy", "best_precision", "best_recall", "best_f1_macro_grouped"]) {
    assert(parent.metrics[name] > 0 && parent.metrics[name] <= 1, name);
  }
  assertEquals(children.length, 10);
  for (const { name, status, metrics } of children) {
    assertEquals(status, "FINISHED");
    assertEquals(metrics.mean_f1_macro, parent.metrics[`${name}_f1`]);
  }
  assertEquals(told.history.length, 3);
  assertEquals(told.datasets.length, 1);
  assertEquals(told.datasets[0].profile.num_rows, 8 * CUSTOMERS);
  assertEquals(told.datasets[0].tags["mlflow.data.context"], "training");
  assert(told.artifacts.includes("report"));
}

const needs = python === undefined ? " (needs .venv, see CONTRIBUTING.md)" : "";

Deno.test({
  name: `python: the local file store opens, its model predicts 1,000 rows the same${needs}`,
  ignore: python === undefined,
  async fn() {
    await using project = await Project.create();
    await trainAndCompare(project, undefined);
  },
});

Deno.test({
  name: `python: what a real server shows, and what is sent to it later${needs}`,
  ignore: python === undefined,
  async fn(t) {
    await using server = await startMlflowServer();

    await t.step("parent, children, data set and model", async () => {
      await using project = await Project.create();
      await trainAndCompare(project, server.url);
      assertEquals(await project.names("mlruns"), []);
    });

    await t.step("a server that is not there costs nothing, the run is sent later", async () => {
      await using project = await Project.create();
      await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
      const lost = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${freePort()}` };
      const trained = await project.task("pipeline", ["train", ...small], lost);
      assertEquals(trained.code, 0, trained.stderr);
      assert(trained.stderr.includes("Cannot reach the tracking server"), trained.stderr);
      assert(trained.stdout.includes("deno task pipeline send_runs"), trained.stdout);
      assertEquals((await project.names("models")).length, 4);

      const found = { MLFLOW_TRACKING_URI: server.url };
      const sent = await project.task("pipeline", ["send_runs"], found);
      assertEquals(sent.code, 0, sent.stderr);
      assert(/Sent 11 runs/.test(sent.stdout), sent.stdout);
      const again = await project.task("pipeline", ["send_runs"], found);
      assert(/no runs/i.test(again.stdout), again.stdout);
    });
  },
});
