/** Every learner ends on every degenerate table, and stops if it is told to. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { WorkerPool } from "../../src/base/mod.ts";
import {
  learnerKinds,
  learnerOf,
  type LearnerSpec,
  linearRegression,
  predictValues,
  regressorKinds,
  regressorOf,
  type RegressorSpec,
} from "../../src/learners/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { degenerate, labelsOf, targetsOf } from "../contracts/degenerate_data.ts";
import { classifyTask, type Outcome, regressTask } from "./degenerate_task.ts";
import fixture from "./fixtures/null_space.json" with { type: "json" };

// A minute for what takes milliseconds: only a loop without a bound reaches it.
const limit = () => AbortSignal.timeout(60_000);

/** Tables that no learner may fit. */
const refused = new Set(Object.keys(degenerate).filter((table) => /infini|no /.test(table)));

function assertOutcome({ finite, refused: message }: Outcome, what: string, table: string): void {
  if (refused.has(table)) {
    assert(message?.startsWith("Cannot"), `${what} took "${table}"`);
  } else {
    assertEquals({ message, finite }, { message: undefined, finite: true }, `${what}, ${table}`);
  }
}

const classifiers: LearnerSpec[] = [
  ...learnerKinds.map((kind) => ({ kind })),
  ...learnerKinds.map((kind) => ({ kind, calibration: { folds: 3 } })),
  { kind: "logisticRegression", calibration: { folds: 3, method: "isotonic" } },
  { kind: "logisticRegression", params: { C: 1e12 }, classWeight: "balanced" },
  { kind: "logisticRegression", params: { l1Ratio: 1 } },
  { kind: "logisticRegression", params: { C: 1e12, l1Ratio: 0.5 } },
  { kind: "gradientBoosting", params: { numLeaves: 31, minDataInLeaf: 1, maxDepth: null } },
  { kind: "gradientBoosting", params: { learningRate: 1, regLambda: 0, minChildWeight: 0 } },
  { kind: "gradientBoosting", earlyStopping: { rounds: 3, share: 0.3 } },
];
const regressions: RegressorSpec[] = [
  ...regressorKinds.map((kind) => ({ kind })),
  { kind: "linearRegression", params: { alpha: 1 } },
  { kind: "linearRegression", params: { alpha: 1e-12 } },
  { kind: "gradientBoosting", params: { numLeaves: 31, minDataInLeaf: 1 } },
  { kind: "gradientBoosting", params: { learningRate: 1, regLambda: 0, minChildWeight: 0 } },
  { kind: "gradientBoosting", earlyStopping: { rounds: 3, share: 0.3 } },
  { kind: "gradientBoosting", params: { loss: "huber", alpha: 2 } },
  { kind: "gradientBoosting", params: { loss: "quantile" }, earlyStopping: { rounds: 3 } },
  { kind: "randomForest", params: { oobScore: true } },
];

Deno.test("degenerate: every classifier ends on every table", async () => {
  await using pool = new WorkerPool(2);
  await Promise.all(classifiers.flatMap((spec) =>
    Object.keys(degenerate).map(async (table) => {
      const outcome = await pool.run(classifyTask, { spec, table }, { signal: limit() });
      assertOutcome(outcome, JSON.stringify(spec), table);
    })
  ));
});

Deno.test("degenerate: every regression ends on every table", async () => {
  await using pool = new WorkerPool(2);
  await Promise.all(regressions.flatMap((spec) =>
    Object.keys(degenerate).map(async (table) => {
      const outcome = await pool.run(regressTask, { spec, table }, { signal: limit() });
      assertOutcome(outcome, JSON.stringify(spec), table);
    })
  ));
});

Deno.test("degenerate: every learner hears its signal in the midst of a fit", async () => {
  const X = degenerate["one-hot columns, which sum to one"];
  const stopping = () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    return { seed: 1, signal: controller.signal, onProgress };
  };
  for (const spec of classifiers) {
    const fit = () => learnerOf(spec).fit(X, labelsOf(X), { classes: 2, ...stopping() });
    await assertRejects(fit, Error, "enough", JSON.stringify(spec));
  }
  for (const spec of regressions) {
    const fit = () => regressorOf(spec).fit(X, targetsOf(X), stopping());
    await assertRejects(fit, Error, "enough", JSON.stringify(spec));
  }
});

Deno.test("linear regression: hears its signal while it solves, not only while it reads", async () => {
  // Reading is the first half of what progress tells.
  const X = degenerate["one-hot columns, which sum to one"];
  const controller = new AbortController();
  const fit = linearRegression().fit(X, targetsOf(X), {
    seed: 1,
    signal: controller.signal,
    onProgress: (done) => done >= 0.5 && done < 1 && controller.abort(new Error("enough")),
  });
  await assertRejects(() => fit, Error, "enough");
});

for (const { name, X, y, test, plain, ridge } of fixture) {
  Deno.test(`linear regression: scikit-learn's predictions where columns depend, ${name}`, async () => {
    const rows = matrixFromRows(X);
    const others = matrixFromRows(test);
    const target = Float64Array.from(y);
    for (const [alpha, wanted] of [[0, plain], [1, ridge.one], [1e-6, ridge.little]] as const) {
      const model = await linearRegression({ alpha }).fit(rows, target, { seed: 1 });
      const found = await predictValues(model, others);
      // Condition numbers of 1e4 and less: the two solvers agree to some 1e-9 of the target.
      found.forEach((value, i) =>
        assert(Math.abs(value - wanted[i]) < 1e-7, `alpha ${alpha}, row ${i}: ${value}`)
      );
    }
  });
}
