/** Weights of rows, from the table to the learner and the metrics: as scikit-learn and LightGBM. */

import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "../../src/base/mod.ts";
import {
  classes,
  clean,
  type FeatureSet,
  featureSet,
  number,
  value,
} from "../../src/features/mod.ts";
import { pipeline } from "../../src/pipeline/mod.ts";
import type { NumericStatistics } from "../../src/drift/mod.ts";
import { latestBundle, referenceStatistics } from "../../src/registry/mod.ts";
import type { Candidate } from "../../src/training/candidate.ts";
import { judgeFairness } from "../../src/training/fairness.ts";
import { heldOutByWeight } from "../../src/training/held_out.ts";
import { refuseWeightedSampling } from "../../src/training/row_weights.ts";
import { taskOf, training, trainingParams } from "../../src/training/mod.ts";
import { WorkerPool } from "../../src/base/mod.ts";
import fixture from "./fixtures/row_weights.json" with { type: "json" };
import { runInFolder } from "./run_in_folder.ts";

const rows = fixture.X.length;
const names = ["a", "b", "c", "d"];
const columns = Object.fromEntries(names.map((name) => [name, number({ cap: false })]));
const ofClasses: FeatureSet = featureSet({
  target: classes("label", ["0", "1"]),
  weight: "weight",
  columns,
});
const ofNumbers: FeatureSet = featureSet({ target: value("value"), weight: "weight", columns });
const table = {
  rows,
  columns: {
    ...Object.fromEntries(names.map((name, j) => [name, fixture.X.map((row) => row[j])])),
    label: fixture.label.map(String),
    value: fixture.value,
    weight: fixture.weight,
  },
};
const every = Array.from({ length: rows }, (_, row) => row);
const fold = {
  train: Int32Array.from(every.filter((row) => row % 4 !== 0)),
  test: Int32Array.from(every.filter((row) => row % 4 === 0)),
};

async function score(set: FeatureSet, learner: Candidate["learner"], metrics: readonly string[]) {
  await using pool = new WorkerPool(1);
  const data = clean(set, table, { target: "required" });
  return await pool.run(taskOf(set).score, {
    experiment: { set, data, seed: 1 },
    candidate: { name: "one", learner },
    ...{ fold, index: 0, scoring: { metrics, select: metrics[0], brief: true } },
  });
}

const cases: {
  kind: "logisticRegression" | "gradientBoosting" | "linearRegression";
  set: FeatureSet;
  params: object;
  /** Float32 predictions; boosting sums gradients in whole numbers besides. */
  within: number;
}[] = [
  { kind: "logisticRegression", set: ofClasses, params: { tol: 1e-10 }, within: 1e-6 },
  {
    kind: "gradientBoosting",
    set: ofClasses,
    params: {
      ...{ growth: "leafwise", nEstimators: 5, numLeaves: 7, learningRate: 0.1 },
      ...{ minDataInLeaf: 1, minChildWeight: 1 },
    },
    within: 1e-4,
  },
  { kind: "linearRegression", set: ofNumbers, params: {}, within: 1e-4 },
];
for (const { kind, set, params, within } of cases) {
  Deno.test(`row weights: ${kind} predicts and is scored as the reference`, async () => {
    const wanted = fixture[kind];
    const learner = { kind, params } as Candidate["learner"];
    const { metrics, predictions } = await score(set, learner, Object.keys(wanted.metrics));
    const ours = predictions.subarray(predictions.length - fold.test.length);
    wanted.predicted.forEach((one, i) => assertAlmostEquals(ours[i], one, within));
    for (const [name, one] of Object.entries(wanted.metrics)) {
      assertAlmostEquals(metrics[name], one, 10 * within, name);
    }
  });
}

const declared = pipeline("weighted", {
  description: "Train with weights",
  params: trainingParams({}, { data: "data.csv", folds: 2 }),
}, (builder) =>
  void training(builder, {
    name: "weighted",
    features: ofClasses,
    candidates: [
      { name: "boosting", learner: { kind: "gradientBoosting", params: { nEstimators: 5 } } },
      { name: "logistic", learner: { kind: "logisticRegression" }, sampler: "none" },
    ],
    threshold: { metric: "f1" },
  }));
const csv = (weight: (i: number) => number | string) =>
  [
    "a,b,c,d,label,weight",
    ...fixture.X.map((row, i) => [...row, fixture.label[i], weight(i)].join(",")),
  ].join("\n");

Deno.test("row weights: no request needs them, and where all are the same they change nothing", async () => {
  const metrics: Record<string, number>[] = [];
  for (const weight of [1, 2, undefined]) {
    await runInFolder(declared, csv((i) => weight ?? fixture.weight[i]), async (trained) => {
      assertEquals([trained.status, trained.error], ["succeeded", ""]);
      const { metadata } = await latestBundle(trained.models, "weighted");
      assertEquals(metadata.input_schema.map(({ name }) => name), names);
      metrics.push(metadata.metrics);
    });
  }
  const [one, two, weighted] = metrics;
  for (const [name, value] of Object.entries(one)) {
    // The penalty of the logistic regression counts half as much beside twice the weight.
    if (/seconds|time/.test(name)) continue;
    assertAlmostEquals(two[name], value, 0.02, name);
  }
  assert(Math.abs(weighted.roc_auc - one.roc_auc) > 1e-3);
});

/** A weight for each row that says how often it is there. */
const times = fixture.X.map((_, row) => row % 5 === 0 ? 0 : row % 4);
const often = times.flatMap((count, row) => Array<number>(count).fill(row));

Deno.test("row weights: statistics that are kept count rows by their weights", () => {
  const weighed = { ...table, columns: { ...table.columns, weight: times } };
  const cleaned = (given: typeof weighed) => clean(ofClasses, given, { target: "required" });
  const found = referenceStatistics(ofClasses, cleaned(weighed));
  const repeated = Object.fromEntries(
    Object.entries(table.columns).map(([name, cells]) => [name, often.map((row) => cells[row])]),
  ) as typeof table.columns;
  const same = { rows: often.length, columns: { ...repeated, weight: often.map(() => 1) } };
  const wanted = referenceStatistics(ofClasses, cleaned(same));
  for (const name of names) {
    const [one, other] = [found[name], wanted[name]] as NumericStatistics[];
    // Each row stands for as much of the weight: what is lost is less than one draw of rows
    // differs from another by, a standard error.
    assertAlmostEquals(one.mean, other.mean, (other.max! - other.min!) / 4 / Math.sqrt(rows));
    assertEquals(one.count, rows);
    // Rows that are there twice tell once.
    assert(one.effective !== undefined);
  }
  const plain = referenceStatistics(ofClasses, cleaned({ ...table }));
  const flat = { ...table, columns: { ...table.columns, weight: times.map(() => 7) } };
  assert(JSON.stringify(plain) !== JSON.stringify(found));
  assertEquals(
    JSON.stringify(referenceStatistics(ofClasses, cleaned(flat))),
    JSON.stringify(referenceStatistics(ofClasses, {
      ...cleaned(flat),
      weights: undefined,
    })),
  );
});

Deno.test("row weights: groups are compared by them as if rows were there so often", () => {
  const judged = (
    given: Omit<typeof table, "columns"> & { columns: Record<string, (string | number | null)[]> },
    rows: Int32Array,
    weight: boolean,
  ) => {
    const data = clean(weight ? ofClasses : { ...ofClasses, weight: undefined }, given, {
      target: "required",
    });
    const predictions = Float32Array.from({ length: 2 * rows.length }, (_, at) => {
      const cell = Number(given.columns.a[rows[at % rows.length]] ?? 0);
      const share = 1 / (1 + Math.exp(-cell));
      return at < rows.length ? 1 - share : share;
    });
    return judgeFairness(
      { column: "b", edges: [0] },
      { set: ofClasses, data, seed: 1 },
      { rows, predictions },
      given,
      undefined,
    );
  };
  const weighed = { rows, columns: { ...table.columns, weight: times } };
  const own = judged(weighed, Int32Array.from(every), true);
  const repeated = {
    rows: often.length,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([name, cells]) => [name, often.map((row) => cells[row])]),
    ),
  };
  const wanted = judged(repeated, Int32Array.from(often.keys()), false);
  own.measures.forEach(({ value }, i) =>
    assertAlmostEquals(value, wanted.measures[i].value, 1e-12)
  );
  assertAlmostEquals(own.favoured, wanted.favoured, 1e-12);
  own.groups.forEach(({ selectionRate, truePositiveRate }, i) => {
    assertAlmostEquals(selectionRate, wanted.groups[i].selectionRate, 1e-12);
    assertAlmostEquals(truePositiveRate, wanted.groups[i].truePositiveRate, 1e-12);
  });
  // Rows are told as they are there.
  assertEquals(own.groups.reduce((sum, group) => sum + group.rows, 0), rows);
});

Deno.test("row weights: held-out rows are kept as often as they count", () => {
  const data = clean(ofClasses, { ...table, columns: { ...table.columns, weight: times } }, {
    target: "required",
  });
  const held = {
    rows: Int32Array.from(every),
    predictions: Float32Array.from({ length: 2 * rows }, (_, at) => at),
    models: Int32Array.from(every, (row) => row % 3),
  };
  const { experiment, held: counted } = heldOutByWeight({ set: ofClasses, data, seed: 1 }, held);
  const found = new Map<number, number>();
  counted.rows.forEach((row, i) => {
    found.set(row, (found.get(row) ?? 0) + 1);
    assertEquals([counted.predictions[i], counted.predictions[rows + i]], [row, rows + row]);
    assertEquals(counted.models![i], row % 3);
  });
  const total = times.reduce((sum, count) => sum + count, 0);
  times.forEach((count, row) =>
    assert(Math.abs((found.get(row) ?? 0) - count * rows / total) < 1, `row ${row}`)
  );
  assertEquals(experiment.data.groups![17], 17);
});

Deno.test("row weights: what is no weight is told with its row", () => {
  const cleaned = (weights: (number | string | null)[]) => () =>
    clean(ofClasses, { rows, columns: { ...table.columns, weight: weights } }, {
      target: "required",
    });
  const with0 = (cell: number | string | null) =>
    fixture.weight.map((weight, i) => i === 2 ? cell : weight);
  for (const cell of [-1, "many", null, Infinity]) {
    const { message } = assertThrows(cleaned(with0(cell)), UserError);
    assertMatch(message, /^Cannot read weights from column "weight": row 3 holds/);
  }
  assertThrows(cleaned(fixture.weight.map(() => 0)), UserError, "all 400 are 0");
  assertThrows(
    () => featureSet({ target: classes("y", ["0", "1"]), weight: "y", columns }),
    UserError,
    'column "y" is the weight and also the target',
  );
});

Deno.test("row weights: a sampler is refused, as what it makes up has no weight", () => {
  const candidate: Candidate = {
    ...{ name: "Over", sampler: "smote" },
    learner: { kind: "logisticRegression" },
  };
  assertThrows(
    () => refuseWeightedSampling(ofClasses, [candidate]),
    UserError,
    "Cannot sample rows that have weights, as Over does",
  );
});
