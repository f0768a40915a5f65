/** Has the data changed? A comparison from its parameters to its report, wired into a pipeline. */

import { WorkerPool } from "../base/mod.ts";
import type { Builder, Handle, Outcome } from "../pipeline/mod.ts";
import { checkWritable } from "../registry/mod.ts";
import { exitCodeOf } from "./exit_code.ts";
import { type DriftFindings, findDrift } from "./findings.ts";
import type { DriftParams } from "./params.ts";
import { reportsFolder, saveReport } from "./report/save_report.ts";
import { readSides } from "./sides/read_sides.ts";
import { terminalSummary } from "./verdict.ts";

/** What steps of a user's own may be wired with. */
export interface DriftSteps {
  /** What was found. */
  readonly findings: Handle<DriftFindings>;
  /** Whether it stops the pipeline, once the report is written. */
  readonly outcome: Handle<Outcome>;
}

/**
 * Wires the comparison of current rows (the server's prediction log, or a file)
 * with a reference (a model's training data, or a file) into a pipeline. What
 * columns mean is told by the model's metadata.
 *
 * The log grows while nobody looks, so give the pipeline `cache: false`.
 *
 * @example
 * ```ts ignore
 * export default pipeline("drift", { params: driftParams, cache: false }, (builder) =>
 *   driftSteps(builder).outcome);
 * ```
 */
export function driftSteps({ step, resource, params }: Builder<DriftParams>): DriftSteps {
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
    ({ sides, pool }, { progress, signal }) => findDrift(sides, params, pool, progress, { signal }),
  );
  const outcome = step("report", { findings }, async ({ findings }, { log, metric, run }) => {
    const { page, json } = await saveReport(findings, run.startedAt);
    metric("drifted_columns", findings.inputs.drifted_columns);
    metric("drifted_share", findings.inputs.drifted_share);
    log(terminalSummary(findings, page, json));
    return exitCodeOf(findings, params.fail_on);
  });
  return { findings, outcome };
}
