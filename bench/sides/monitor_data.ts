/**
 * A model of loans with ten columns, the prediction log of a server that answered so many of them,
 * and the rows of its training as Parquet, for a peer that needs them.
 */

import pl from "nodejs-polars";
import { Random } from "../../src/base/mod.ts";
import {
  categoryStatistics,
  classificationQuality,
  numericStatistics,
  referencePerformance,
} from "../../src/drift/mod.ts";
import {
  clean,
  featureSet,
  fit,
  inputSchema,
  number,
  oneHot,
  transform,
} from "../../src/features/mod.ts";
import { gradientBoosting, predictProba } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { type ModelMetadata, referenceStatistics, saveBundle } from "../../src/registry/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import { sideArguments } from "./side.ts";

const NUMBERS = ["income", "amount", "age", "months", "rate", "balance"];
const CATEGORIES = { purpose: 6, home: 4, state: 20, channel: 3 };
const CLASSES = ["good", "bad"];
/** Rows of the training, half of them held out. */
const TRAINING = 20_000;
/** Lines that are written at once. */
const PIECE = 20_000;

type Loan = Record<string, number | string | null>;

function draw(random: Random, shift: number): Loan {
  const income = Math.round(Math.exp(10 + 0.5 * (random.normal() + shift)));
  return {
    income,
    amount: Math.round(income * random.next()),
    age: 18 + random.int(60),
    months: 6 * (1 + random.int(10)),
    rate: Math.round(1000 * (3 + 2 * random.next())) / 1000,
    balance: random.next() < 0.05 ? null : Math.round(1000 * random.normal()),
    ...Object.fromEntries(
      Object.entries(CATEGORIES).map(([name, levels]) => [name, `level ${random.int(levels)}`]),
    ),
  };
}

const risk = ({ income, amount }: Loan) =>
  Math.min(0.95, 0.05 + 0.5 * Number(amount) / Number(income));

const { folder, rows, seed } = sideArguments();
const random = new Random(seed);
const loans = Array.from({ length: TRAINING }, () => draw(random, 0));
const names = Object.keys(loans[0]);
const columns = Object.fromEntries(names.map((name) => [name, loans.map((loan) => loan[name])]));
pl.DataFrame(
  names.map((name) =>
    NUMBERS.includes(name)
      ? pl.Series(name, columns[name], pl.Float64)
      : pl.Series(name, columns[name], pl.Utf8)
  ),
).writeParquet(`${folder}/reference.parquet`);

const set = featureSet({
  target: { column: "outcome", classes: CLASSES },
  columns: {
    ...Object.fromEntries(NUMBERS.map((name) => [name, number()])),
    ...Object.fromEntries(Object.keys(CATEGORIES).map((name) => [name, oneHot()])),
  },
});
const data = clean(set, { rows: TRAINING, columns }, { target: "none" });
const state = fit(set, data);
const all = Int32Array.from({ length: TRAINING }, (_, row) => row);
const [train, held] = [all.subarray(0, TRAINING / 2), all.subarray(TRAINING / 2)];
const labels = Int32Array.from(loans, (loan) => random.next() < risk(loan) ? 1 : 0);
const classifier = await gradientBoosting({ nEstimators: 10 }).fit(
  transform(state, data, train),
  train.map((row) => labels[row]),
  { classes: 2, seed: 1 },
);
const probabilities = await predictProba(classifier, transform(state, data, held));
const predicted = Int32Array.from(mostProbable(probabilities, held.length));
const truth = held.map((row) => labels[row]);
const said = { classes: 2, predicted, probabilities };
const moment = new Date("2026-11-01T08:00:00Z");
const { metadata: { model_name, version } } = await saveBundle(
  `${folder}/models`,
  exportOnnx({ name: "loans", state, producerVersion: "0.0.0", classifier, labels: CLASSES }),
  moment,
  (version, model_digest) => ({
    ...{ version, model_digest, timestamp: moment.toISOString(), metrics: {}, data_digest: "" },
    ...{ run_id: null, git_commit: null, package_versions: {}, model_name: "loans" },
    task: { kind: "binary", classes: CLASSES, positive: "bad" },
    class_labels: CLASSES,
    declared_features: set,
    feature_columns: state.features,
    input_schema: inputSchema(state),
    feature_state: state,
    reference_statistics: referenceStatistics(set, data),
    reference_performance: {
      performance: referencePerformance(truth, said, new Random(1)),
      quality: classificationQuality(truth, said),
      target: categoryStatistics(truth, CLASSES),
      prediction: categoryStatistics(predicted, CLASSES),
      probabilities: Object.fromEntries(CLASSES.map((label, k) => [
        label,
        numericStatistics(probabilities.slice(k * held.length, (k + 1) * held.length)),
      ])),
      column_importance: { income: 1 },
    },
  } as unknown as ModelMetadata),
);

await Deno.mkdir(`${folder}/log`, { recursive: true });
const log = await Deno.create(`${folder}/log/predictions_20261102T000000_1_0.jsonl`);
const encoder = new TextEncoder();
const begun = Date.UTC(2026, 10, 2);
for (let from = 0; from < rows; from += PIECE) {
  const lines = Array.from({ length: Math.min(PIECE, rows - from) }, (_, i) => {
    const row = from + i;
    const loan = draw(random, row < rows / 2 ? 0 : 0.3);
    // As many digits as a Float32 has, which is what a server writes.
    const bad = Number((0.9 * risk(loan) + 0.1 * random.next()).toPrecision(8));
    return `${
      JSON.stringify({
        // Thirty days, whatever the number of rows.
        time: new Date(begun + Math.floor(row * 30 * 86_400_000 / rows)).toISOString(),
        request_id: `1x9k2mz7qa-${row.toString(36)}`,
        ...{ model_name, model_version: version, role: "champion", inputs: loan },
        prediction: bad > 0.5 ? "bad" : "good",
        probabilities: { good: Number((1 - bad).toPrecision(8)), bad },
        latency_ms: Math.round(500 + 500 * random.next()) / 1000,
      })
    }\n`;
  });
  const bytes = encoder.encode(lines.join(""));
  for (let at = 0; at < bytes.length;) at += await log.write(bytes.subarray(at));
}
log.close();
