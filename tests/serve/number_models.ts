/** Models that predict numbers, of the columns of the fixture's records. */

import { type Cell, clean, inputSchema, transform } from "../../src/features/mod.ts";
import {
  gradientBoostingRegressor,
  linearRegression,
  predictValues,
  randomForestRegressor,
  type RegressionModel,
} from "../../src/learners/mod.ts";
import { exportRegression } from "../../src/onnx/mod.ts";
import { type Bundle, type ModelMetadata, saveBundle } from "../../src/registry/mod.ts";
import { creditSample, set } from "../onnx/credit_sample.ts";

const sample = creditSample(200);
const target = Float64Array.from(
  sample.data.labels!.slice(0, sample.train.length),
  (label, i) => 50_000 + 1000 * label + sample.XTrain.data[i],
);

/** One of trees, one that ONNX Runtime runs, one of trees that tell logarithms. */
const models: readonly RegressionModel[] = await Promise.all([
  randomForestRegressor({ nEstimators: 20 }).fit(sample.XTrain, target, { seed: 1 }),
  linearRegression().fit(sample.XTrain, target, { seed: 1 }),
  gradientBoostingRegressor({ loss: "poisson", nEstimators: 20 })
    .fit(sample.XTrain, target, { seed: 1 }),
]);

/** Which of the models. */
export type WhichNumbers = 0 | 1 | 2;

/** Half the width of the interval that the metadata tell. */
export const HALF_WIDTH = 750.5;

let seconds = 0;

/** Saves a model as `Number0` or `Number1`. */
export function saveNumbers(
  folder: string,
  which: WhichNumbers,
  more: Partial<ModelMetadata> = {},
): Promise<Bundle> {
  const moment = new Date(2026, 10, 22, 3, 0, seconds++);
  const onnx = exportRegression({
    ...{ state: sample.state, model: models[which], name: "test", producerVersion: "0" },
  });
  return saveBundle(folder, onnx, moment, (version, digest) => ({
    model_name: `Number${which}`,
    version,
    timestamp: moment.toISOString(),
    model_digest: digest,
    metrics: { rmse: 1 },
    feature_columns: sample.state.features,
    task: { kind: "regression", column: "Debt" },
    class_labels: [],
    input_schema: inputSchema(sample.state),
    feature_state: sample.state,
    interval: { coverage: 0.9, half_width: HALF_WIDTH },
    data_digest: "00",
    run_id: null,
    git_commit: null,
    package_versions: {},
    reference_statistics: {},
    ...more,
  }));
}

/** What the native model says about raw records, cleaned as training cleans. */
export async function nativeNumbers(
  raw: readonly Record<string, unknown>[],
  which: WhichNumbers,
): Promise<Float64Array> {
  const columns = Object.keys(set.columns).map((name) =>
    [name, raw.map((record) => (record[name] ?? null) as Cell)] as const
  );
  const table = { rows: raw.length, columns: Object.fromEntries(columns) };
  return await predictValues(
    models[which],
    transform(sample.state, clean(set, table, { target: "none" })),
  );
}
