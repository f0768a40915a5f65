/** MLflow's limits, told before a server shortens or drops a value in silence. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  checkArtifactPath,
  checkDataset,
  checkExperimentName,
  checkKey,
  checkModelName,
  checkParams,
  checkPoints,
  checkTags,
} from "../../src/tracking/limits.ts";
import { openTracker } from "../../src/tracking/mod.ts";

const accepted = ["a", "f1_macro", "Over RandomForest/f1:x-y.z", "größe", "k".repeat(250)];
const refused = [
  "",
  "a@b",
  "a//b",
  "/a",
  "a/",
  "../a",
  "..a",
  "...",
  "a/./b",
  "a%",
  "a\n",
  "k".repeat(251),
];

Deno.test("limits: keys are MLflow's", () => {
  for (const key of accepted) checkKey("metric", key);
  for (const key of refused) assertThrows(() => checkKey("metric", key), UsageError);
});

Deno.test("limits: lengths are counted as Python counts them", () => {
  checkParams({ p: "x".repeat(6000) });
  assertThrows(() => checkParams({ p: "x".repeat(6001) }), UsageError, "6001 characters");
  checkParams({ p: "😀".repeat(6000) });
  checkTags({ t: "x".repeat(8000) });
  assertThrows(() => checkTags({ t: "x".repeat(8001) }), UsageError, "more than 8000");
  assertThrows(() => checkExperimentName("x".repeat(501)), UsageError, "more than 500");
  assertThrows(() => checkExperimentName(" "), UsageError, "without a name");
  const dataset = { name: "train", digest: "d".repeat(36), source: "a.csv" };
  checkDataset(dataset);
  assertThrows(() => checkDataset({ ...dataset, digest: "d".repeat(37) }), UsageError, "digest");
  assertThrows(() => checkDataset({ ...dataset, name: "" }), UsageError, "without a name");
});

Deno.test("limits: steps and times are whole, values are numbers", () => {
  const point = { key: "m", value: NaN, step: -1, timestamp: 0 };
  checkPoints([point, { ...point, value: -Infinity }]);
  const broken = [
    { ...point, step: 1.5 },
    { ...point, step: NaN },
    { ...point, timestamp: -1 },
    { ...point, timestamp: 1.5 },
    { ...point, value: "0.5" as unknown as number }, // As a caller without types may pass it.
  ];
  for (const one of broken) assertThrows(() => checkPoints([point, one]), UsageError, '"m"');
});

Deno.test("limits: artifacts stay inside their run, models have plain names", () => {
  checkArtifactPath("reports/train.html");
  for (const path of ["", "/etc/passwd", "../a", "a/../../b", "a\\b", "a/"]) {
    assertThrows(() => checkArtifactPath(path), UsageError, "not plain");
  }
  checkModelName("Over_RandomForest");
  for (const name of ["", "a/b", "a:b", "a.b", "50%", 'a"b']) {
    assertThrows(() => checkModelName(name), UsageError);
  }
});

Deno.test("limits: nothing is written where one value of a call is refused", async () => {
  const root = await Deno.makeTempDir();
  const tracker = await openTracker({ root, env: () => undefined });
  const run = await tracker.startRun(await tracker.experiment("limits"), { name: "r" });
  await assertRejects(() => run.logParams({ good: 1, "bad@key": 2 }), UsageError);
  await assertRejects(() => run.logMetrics({ good: 1, "bad@key": 2 }), UsageError);
  const folder = `${root}/${run.experiment.id}/${run.id}`;
  for (const kind of ["params", "metrics"]) {
    assertEquals([...Deno.readDirSync(`${folder}/${kind}`)], []);
  }
  await Deno.remove(root, { recursive: true });
});
