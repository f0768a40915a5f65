/** What a version of this project makes; later versions must make or read the same. */

import { join } from "@std/path";
import { generateTable } from "../../pipelines/credit_score/generate.ts";
import { sha256 } from "../../src/base/mod.ts";
import { gradientBoosting, randomForest } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { RotatedLog } from "../../src/prediction_log/mod.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";
import { recordOf } from "../prediction_log/records.ts";
import { save } from "../serve/fixture.ts";

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

/** Writes the files that later versions must read into a folder. */
export async function makeFiles(folder: string): Promise<void> {
  const models = await Deno.makeTempDir();
  const { metadata } = await save(models);
  await Deno.remove(models, { recursive: true });
  await Deno.writeTextFile(join(folder, "metadata.json"), JSON.stringify(metadata, null, 2) + "\n");
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
