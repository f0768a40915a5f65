/** Fits one of our detectors of anomalies, or scores rows that it has not seen. */

import { detectorOf, type DetectorSpec, scoreAnomalies } from "../../src/anomaly/mod.ts";
import { WorkerPool } from "../../src/base/mod.ts";
import { answer, measured, readPart, sideArguments } from "./side.ts";

/** What the suite sets. */
interface DetectorCase {
  readonly task: "fit" | "score";
  readonly detector: DetectorSpec;
}

const { folder, threads, seed, task, detector } = sideArguments<DetectorCase>();
const { X } = readPart(folder, "numeric", "train");
const test = readPart(folder, "numeric", "test");

await using pool = new WorkerPool(threads);
const fit = () => detectorOf(detector).fit(X, { seed, pool });
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

if (task === "fit") {
  const { result: model, ...cost } = await measured(fit);
  answer({ ...cost, quality: mean(await scoreAnomalies(model, test.X, { pool })) });
} else {
  const model = await fit();
  const { result, ...cost } = await measured(() => scoreAnomalies(model, test.X, { pool }));
  answer({ ...cost, quality: mean(result) });
}
