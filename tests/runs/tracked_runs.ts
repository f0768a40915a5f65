/** A few runs with parameters, curves and a nested one, told to any tracker. */

import type { Tracker } from "../../src/tracking/mod.ts";

/** Tells three runs and a nested one. */
export async function tellRuns(tracker: Tracker): Promise<void> {
  const loans = await tracker.experiment("loans");
  const wines = await tracker.experiment("wines");
  const start = Date.UTC(2026, 10, 21, 3);
  const wanted = [
    { name: "slow start", rate: 0.01, auc: 0.71, model: "LR", at: start },
    { name: "quick one", rate: 0.1, auc: 0.83, model: "LR", at: start + 60_000 },
    { name: "deep", rate: 0.1, auc: 0.79, model: "Boosting 100%", at: start + 120_000 },
  ];
  for (const { name, rate, auc, model, at } of wanted) {
    const run = await tracker.startRun(loans, { name, startTime: at, tags: { stage: "dev_1" } });
    await run.logParams({ rate, model, seed: 1 });
    await run.logMetricPoints(
      Array.from({ length: 40 }, (_, step) => ({
        key: "loss",
        value: 1 / (1 + step * rate) + (model === "LR" ? 0 : 0.1),
        step,
        timestamp: at + step,
      })),
    );
    await run.logMetrics({ roc_auc: auc, rows: 900 });
    if (name === "deep") {
      const nested = await tracker.startRun(loans, { name: "fold 1", parent: run, startTime: at });
      await nested.logMetrics({ fold_auc: 0.7 });
      await nested.end("FAILED");
    }
    await run.end();
  }
  const other = await tracker.startRun(wines, { name: "red", startTime: start + 180_000 });
  await other.logMetrics({ rmse: 3, broken: NaN });
  await other.end();
}
