/** Encodings that read the target must not show a learner its own rows' labels. */

import { assert } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import {
  classes,
  clean,
  featureSet,
  number,
  targetEncoding,
  value,
} from "../../src/features/mod.ts";
import { grid } from "../../src/training/mod.ts";
import { scoreClasses } from "../../src/training/tasks/fit_classes.ts";
import { scoreValues } from "../../src/training/tasks/fit_values.ts";

// A number tells much of the target; shops of about three rows each tell nothing. A learner that
// saw its own rows' labels in the shops' averages relies on them, and fails on other rows.
const rows = 1200;
const random = new Random(1);
const shop = Array.from({ length: rows }, () => `shop ${random.int(rows / 3)}`);
const delay = Array.from({ length: rows }, () => random.next());
const late = delay.map((share) => random.next() < share ? 1 : 0);
const columns = { shop: targetEncoding({ smoothing: 0 }), delay: number() };
const half = (from: number) => Int32Array.from({ length: rows / 2 }, (_, i) => from + i);
const fold = { train: half(0), test: half(rows / 2) };
const learner = { kind: "gradientBoosting", params: { nEstimators: 30, maxDepth: 3 } } as const;
const stopped = { ...learner, earlyStopping: { rounds: 5, share: 0.2 } };

Deno.test("target encoding: classifiers are not misled by shops that tell nothing", async () => {
  const set = featureSet({ target: classes("late", ["0", "1"]), columns });
  const table = { rows, columns: { shop, delay, late: late.map(String) } };
  const data = clean(set, table, { target: "required" });
  const scoring = { metrics: ["roc_auc"], select: "roc_auc" };
  const pool = new WorkerPool(1);
  try {
    const sampler = ["none", "randomOverSampler"] as const;
    for (const candidate of grid({ sampler, learner: [learner, stopped] })) {
      const job = { experiment: { set, data, seed: 1 }, candidate, fold, index: 0, scoring };
      const { metrics } = await pool.run(scoreClasses, job);
      assert(metrics.roc_auc > 0.72, `${candidate.name}: ${metrics.roc_auc}`);
    }
  } finally {
    await pool.close();
  }
});

Deno.test("target encoding: regressions are not misled by shops that tell nothing", async () => {
  const set = featureSet({ target: value("late"), columns });
  const data = clean(set, { rows, columns: { shop, delay, late } }, { target: "required" });
  const pool = new WorkerPool(1);
  try {
    const [candidate] = grid({ learner: [learner] });
    const scoring = { metrics: ["r2"], select: "r2" };
    const job = { experiment: { set, data, seed: 1 }, candidate, fold, index: 0, scoring };
    const { metrics } = await pool.run(scoreValues, job);
    assert(metrics.r2 > 0.1, String(metrics.r2));
  } finally {
    await pool.close();
  }
});
