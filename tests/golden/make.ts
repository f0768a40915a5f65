/** What a version of this project makes; later versions must make or read the same. */

import { join } from "@std/path";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import { sha256 } from "../../src/base/mod.ts";
import { openTracker } from "../../src/tracking/mod.ts";
import { readRuns } from "../../src/tracking/file_reader.ts";
import { gradientBoosting, randomForest } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { RotatedLog } from "../../src/prediction_log/mod.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";
import { Project } from "../pipeline/project.ts";
import { recordOf } from "../prediction_log/records.ts";
import { storyClock, storyModel, storySource } from "../contracts/tracker_contract.ts";
import { records, save, withApp } from "../serve/fixture.ts";

/** Digests of what the same seed gives on any machine, with any number of cores. */
export async function makeDigests(): Promise<Record<string, string>> {
  const { state, XTrain, data, train } = creditSample(200);
  const y = data.labels!.slice(0, train.length);
  const digests: Record<string, string> = {
    "generated data, 40 customers, seed 42": sha256(
      JSON.stringify(generateTable({ customers: 40, seed: 42 })),
    ),
  };
  const learners = {
    "random forest, 5 trees": randomForest({ nEstimators: 5 }),
    "gradient boosting, 5 rounds": gradientBoosting({ nEstimators: 5 }),
  };
  for (const [name, learner] of Object.entries(learners)) {
    const classifier = await learner.fit(XTrain, y, { classes: 3, seed: 1 });
    const onnx = { state, classifier, labels: classes, name: "golden", producerVersion: "0" };
    digests[`ONNX: ${name}`] = sha256(exportOnnx(onnx));
  }
  return digests;
}

/** Where golden runs say that they are: the address of no machine. */
const anywhere = "/golden/mlruns";

/** What the runs of a folder hold; ids and the folder's own address are left out. */
export async function readGoldenRuns(folder: string): Promise<unknown[]> {
  const runs = await Array.fromAsync(readRuns(folder));
  return runs.map((
    { id: _id, folder: _folder, artifactFolder: _artifacts, models, tags, ...run },
  ) => ({
    ...run,
    tags: Object.fromEntries(
      Object.entries(tags).filter(([key]) => !/^mlflow\.(parentRunId|log-model|source)/.test(key)),
    ),
    models: models.map(({ name }) => name),
  })).sort((one, other) => one.name < other.name ? -1 : 1);
}

/** Writes a small folder of runs in MLflow's layout. */
async function makeRuns(folder: string): Promise<void> {
  const tracker = await openTracker({
    ...{ root: folder, env: () => undefined, source: storySource, now: storyClock() },
  });
  const experiment = await tracker.experiment("golden");
  const run = await tracker.startRun(experiment, { name: "parent", tags: { stage: "one" } });
  await run.logParams({ folds: 5, path: "a b.csv", "many/kinds": true });
  await run.logMetrics({ f1: 0.8123456789012345 }, { step: 0, timestamp: 5 });
  await run.logMetrics({ f1: NaN, "loss/a": -Infinity }, { step: 1, timestamp: 6 });
  await run.logDataset({ name: "data", digest: "0123", source: "data/raw/train.csv" });
  await run.logArtifact("reports/train ü.html", new TextEncoder().encode("<p>report</p>"));
  await run.logModel(storyModel(new TextEncoder().encode("no model")));
  const child = await tracker.startRun(experiment, { name: "child", parent: run });
  await child.end("FAILED");
  await run.end();
  await hideAddress(folder, folder);
}

/** Writes another address in place of the folder's, which only this machine has. */
async function hideAddress(folder: string, address: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      await hideAddress(path, address);
      continue;
    }
    const text = await Deno.readTextFile(path);
    if (text.includes(address)) await Deno.writeTextFile(path, text.replaceAll(address, anywhere));
  }
}

/** A project whose steps keep values of each kind. */
export const keptProject: Readonly<Record<string, string>> = {
  "deno.json": "{}",
  "pipelines/kept.ts": `
import { pipeline, savedFile } from "@pipeline";
export default pipeline("kept", { description: "keeps values" }, ({ step, each }) => {
  const plain = step("plain", () => ({
    ...{ text: "ü", none: null, big: 2n ** 70n, when: new Date(0), nan: NaN },
    map: new Map([["a", new Set([1])]]),
  }));
  const arrays = step("arrays", () => [Float64Array.of(1.5, NaN), Int32Array.of(-1)]);
  const items = each("items", ["a", "b"], { arrays }, (name, { arrays }) => name + arrays[1][0]);
  step("file", { items, plain }, async ({ items }) => {
    await Deno.writeTextFile("sum.txt", items.join());
    return savedFile("sum.txt");
  });
});`,
};

/** Writes what a run of it keeps; what is remembered of files names the machine, and is left out. */
async function makeCache(folder: string): Promise<void> {
  await using project = await Project.create(keptProject);
  const { code, stderr } = await project.run("kept", "--quiet");
  if (code !== 0) throw new Error(stderr);
  for (const left of ["facts", "state"]) {
    await Deno.remove(project.path(".dinoflow", left), { recursive: true });
  }
  await Deno.rename(project.path(".dinoflow"), folder);
}

/** The document that tells callers what the server answers. */
export async function openApi(): Promise<unknown> {
  let document: unknown;
  await withApp(async ({ call }) => {
    document = await (await call("/openapi.json")).json();
  });
  return document;
}

/** What a bundle's model says about some records, as the server answers. */
export async function answersOf(folder: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  await withApp(async (served) => {
    for await (const { name } of Deno.readDir(folder)) {
      await Deno.copyFile(join(folder, name), join(served.folder, name));
    }
    await served.slots.follow();
    for (const record of records.slice(0, 5)) {
      const { prediction, probabilities } = await (await served.call("/predict", record)).json();
      answers.push({ prediction, probabilities });
    }
  }, { empty: true });
  return answers;
}

/** Writes the files that later versions must read into a folder. */
export async function makeFiles(folder: string): Promise<void> {
  const bundle = join(folder, "bundle");
  await Deno.mkdir(bundle);
  const { metadata } = await save(bundle, 1);
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(join(folder, name), JSON.stringify(value, null, 2) + "\n");
  await write("metadata.json", metadata);
  await write("answers.json", await answersOf(bundle));
  await write("openapi.json", await openApi());
  await makeRuns(join(folder, "mlruns"));
  await write("runs.json", await readGoldenRuns(join(folder, "mlruns")));
  await makeCache(join(folder, "cache"));
  const log = new RotatedLog({
    ...{ folder: join(folder, "log"), kind: "predictions", maxFileBytes: 1e6, maxAgeDays: 30 },
    maxTotalBytes: 1e9,
    onLost: (lines, reason) => {
      throw new Error(`${lines} lines lost: ${reason}`);
    },
  });
  log.write(recordOf());
  await log.close();
}
