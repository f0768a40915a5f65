/** `deno task pipeline NAME --sweep …`: a run for each combination, then a comparison. */

import type { PipelineCliOptions } from "./cli_options.ts";
import { failureText } from "./failure_text.ts";
import { type RunOptions, valueAsText } from "../pipeline/mod.ts";
import { readGrid, runSweep, type SweepResult } from "../sweeps/mod.ts";
import { againArgs, type PipelineCommand } from "./pipeline_command.ts";
import { type SortOrder, sweepText } from "./view/sweep_text.ts";

/** Runs the combinations. */
export async function sweep(
  { request, pipeline, given }: PipelineCommand,
  options: Pick<RunOptions, "jobs" | "signal" | "onEvent">,
  { stderr, home }: PipelineCliOptions,
): Promise<SweepResult> {
  return await runSweep(pipeline, {
    ...given,
    ...options,
    grid: readGrid(pipeline.params, request.sweep),
    onResult: ({ failure }, varied) => {
      if (failure === undefined || request.json) return;
      const texts = Object.entries(varied).map(([name, value]) => [name, valueAsText(value)]);
      const params = { ...request.params, ...Object.fromEntries(texts) };
      stderr.write(failureText(failure, pipeline, againArgs({ ...request, params }), home));
    },
  });
}

/** The table at the end of a sweep. */
export function sweepTable(
  result: SweepResult,
  order: SortOrder | undefined,
  { stdout, stderr }: PipelineCliOptions,
): void {
  const names = new Set(result.points.flatMap(({ metrics }) => Object.keys(metrics)));
  const known = order === undefined || names.has(order.metric);
  if (!known) {
    const found = names.size === 0 ? "none were" : `there are ${[...names].join(", ")}`;
    stderr.write(`warning: Cannot sort: the metric ${order.metric} was not recorded; ${found}\n`);
  }
  stdout.write(sweepText(result, known ? order : undefined, stdout.size()?.columns));
}
