/** A sweep of trainings in MLflow: a run, in it a run per point, in that one per combination. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hasMlflow, needsMlflow, startMlflowServer } from "../tracking/mlflow_server.ts";
import { readBack, type ReadRun } from "../tracking/read_back.ts";
import { type Outcome, Project } from "./project.ts";
import { waitUntil } from "../wait_until.ts";

const experiment = "credit-score-training";
const small = ["trees=4", "folds=2", "combinations=Over_RandomForest,SMOTE_GradientBoosting"];
const sweep = (project: Project, uri: string, ...rounds: string[]): Promise<Outcome> =>
  project.task("pipeline", [
    "train",
    ...small.flatMap((param) => ["--param", param]),
    "--sweep",
    `rounds=${rounds.join(",")}`,
  ], { MLFLOW_TRACKING_URI: uri });

/** The tree of runs as text: each with what it is nested in. */
function tree(runs: readonly ReadRun[]): string[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const path = (run: ReadRun): string => {
    const parent = byId.get(run.tags["mlflow.parentRunId"] ?? "");
    const name = run.name.replace(/_\d{8}_\d{6}_\w{4}$/, "");
    return `${parent ? `${path(parent)} > ` : ""}${name}`;
  };
  return runs.map((run) => `${path(run)} ${run.status}`).sort();
}

/** How many runs a server has; Python's client takes seconds to say so. */
async function countRuns(url: string): Promise<number> {
  const ask = async (path: string, content?: object) => {
    const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      ...content && { method: "POST", body: JSON.stringify(content) },
      headers: { "content-type": "application/json" },
    });
    return await answer.json();
  };
  const found = await ask(`experiments/get-by-name?experiment_name=${experiment}`);
  const { runs = [] } = await ask("runs/search", {
    experiment_ids: [found.experiment.experiment_id],
    max_results: 1000,
  });
  return runs.length;
}

/** Two sweeps, of which the second shares a point with the first. */
async function checkSweeps(project: Project, uri: string): Promise<void> {
  const points = [
    ...["3", "4", "5"].flatMap((rounds) => [
      `train_sweep > rounds=${rounds} FINISHED`,
      `train_sweep > rounds=${rounds} > Over_RandomForest FINISHED`,
      `train_sweep > rounds=${rounds} > SMOTE_GradientBoosting FINISHED`,
    ]),
    "train_sweep FINISHED",
  ];
  const first = await sweep(project, uri, "3", "4");
  assertEquals(first.code, 0, first.stderr);
  const second = await sweep(project, uri, "4", "5");
  assertEquals(second.code, 0, second.stderr);

  const [runs] = await readBack(uri, [experiment]);
  // The point that both have is cached in the second: a run with its figures, trained by none.
  const cached = ["train_sweep > rounds=4 FINISHED", "train_sweep FINISHED"];
  assertEquals(tree(runs), [...points, ...cached].sort());
  const sweeps = runs.filter(({ name }) => name.startsWith("train_sweep"));
  assertEquals(sweeps.map(({ params }) => params.rounds).sort(), ["3; 4", "4; 5"]);
  for (const { artifacts, tags } of sweeps) {
    assertEquals(artifacts, ["comparison.json"]);
    assertEquals(JSON.parse(tags["mlflow.loggedArtifacts"]), [
      { path: "comparison.json", type: "table" },
    ]);
  }
  const [trained, taken] = runs.filter(({ name }) => name === "rounds=4")
    .sort((a, b) => b.artifacts.length - a.artifacts.length);
  assertEquals(taken.params, { rounds: "4" });
  assertEquals(taken.metrics.best_f1_macro[0][2], trained.metrics.best_f1_macro[0][2]);
  assertEquals(trained.datasets.length, 1);
  const { mlflow_colspec: columns } = JSON.parse(trained.datasets[0].schema!);
  const type = (name: string) =>
    columns.find((column: { name: string }) => column.name === name).type;
  assertEquals(type("Customer_ID"), "string");
  assertEquals(type("Num_Bank_Accounts"), "long");
  assertEquals(type("Credit_Utilization_Ratio"), "double");
}

Deno.test({
  name: `sweep: nested runs in a folder ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn() {
    await using project = await Project.create();
    await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
    await checkSweeps(project, join(project.path, "mlruns"));
  },
});

Deno.test({
  name: `sweep: nested runs on a server; an interrupt ends all of them ${needsMlflow}`,
  ignore: !hasMlflow,
  async fn() {
    await using server = await startMlflowServer();
    await using project = await Project.create();
    await project.task("data", ["--customers", "60", "--out", "data/raw/train.csv"]);
    await checkSweeps(project, server.url);

    const [before] = await readBack(server.url, [experiment]);
    const process = project.start("pipeline", [
      ...["train", "--param", small[2], "--sweep", "trees=9000,9001"],
    ], { MLFLOW_TRACKING_URI: server.url });
    const known = new Set(before.map(({ id }) => id));
    const wanted = known.size + 2;
    await waitUntil(
      async () => await countRuns(server.url) >= wanted,
      "MLflow has the sweep's first run",
    );
    process.kill("SIGINT");
    assertEquals((await process.output()).code, 130);
    const killed = (await readBack(server.url, [experiment]))[0].filter(({ id }) => !known.has(id));
    // Candidates may have been done before the interrupt; the runs above them are not.
    const above = tree(killed).filter((path) => path.split(" > ").length <= 2);
    assertEquals(above.slice(0, 2), [
      "train_sweep > trees=9000 KILLED",
      "train_sweep KILLED",
    ]);
    const point = killed.find(({ name }) => name === "trees=9000")!;
    assertEquals(point.datasets.map(({ tags }) => tags), [{ "mlflow.data.context": "training" }]);
    assert(killed.every(({ endTime }) => endTime !== null));
  },
});
