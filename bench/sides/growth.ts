/** Fits boosted trees to Parquet files, of which slices are held, and scores them on other rows. */

import { WorkerPool } from "../../src/base/mod.ts";
import {
  gradientBoosting,
  type GradientBoostingParams,
  predictProba,
} from "../../src/learners/mod.ts";
import { logLoss } from "../../src/metrics/mod.ts";
import { emptyMatrix } from "../../src/dataset/mod.ts";
import { parquetRows } from "../../src/table/mod.ts";
import { answer, measured, sideArguments } from "./side.ts";

const { folder, threads, seed, params } = sideArguments<{ params: GradientBoostingParams }>();
const columns = Array.from({ length: 50 }, (_, j) => `x${j}`);
const open = (part: string) => parquetRows(`${folder}/${part}`, { columns, target: "label" });

await using pool = new WorkerPool(threads);
const { result: model, ...cost } = await measured(async () =>
  gradientBoosting(params).fitSlices(await open("train"), { classes: 2, seed, pool })
);
const test = await open("test");
const X = emptyMatrix(test.rows, test.columns);
const labels = new Float64Array(new SharedArrayBuffer(8 * test.rows));
await test.read(0, X, labels, pool);
const quality = logLoss(Int32Array.from(labels), await predictProba(model, X, pool), 2);
answer({ ...cost, quality });
