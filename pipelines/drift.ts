/**
 * Has the data changed? Compares current rows (the server's prediction log, or a
 * file) with a reference (the model's training data, or a file), column by column.
 */

import { WorkerPool } from "../src/base/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { checkWritable } from "../src/registry/mod.ts";
import { exitCodeOf } from "./monitoring/exit_code.ts";
import { findDrift } from "./monitoring/findings.ts";
import { driftParams } from "./monitoring/params.ts";
import { readSides } from "./monitoring/read_sides.ts";
import { reportsFolder, saveReport } from "./monitoring/save_report.ts";
import { summary } from "./monitoring/verdict.ts";

export default pipeline("drift", {
  description: "Compare current data with the model's training data or another file",
  params: driftParams,
  // The log grows while nobody looks: what was found an hour ago is not what is there now.
  cache: false,
}, ({ step, resource, params }) => {
  const pool = resource("workers", {
    open: ({ run }) => new WorkerPool(run.jobs),
    close: (pool) => pool.close(),
  });

  const sides = step("read", {}, async (_, { run }) => {
    await checkWritable(reportsFolder);
    return await readSides(params, run.startedAt);
  });
  const findings = step(
    "compare",
    { sides, pool },
    ({ sides, pool }, { progress }) => findDrift(sides, params, pool, progress),
  );
  return step("report", { findings }, async ({ findings }, { log, metric, run }) => {
    const { page, json } = await saveReport(findings, run.startedAt);
    metric("drifted_columns", findings.inputs.drifted_columns);
    metric("drifted_share", findings.inputs.drifted_share);
    log(summary(findings, page, json));
    return exitCodeOf(findings, params.fail_on);
  });
});
