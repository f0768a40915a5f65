/** `deno task pipeline NAME --plan | --graph`: what a run would do, and how it is wired. */

import { dirname, join, relative, UsageError, writeFileAtomic } from "../base/mod.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import { mermaidText, type Plan, planPipeline } from "../pipeline/mod.ts";
import { listRuns } from "../run_history/mod.ts";
import { planSweep, readGrid } from "../sweeps/mod.ts";
import type { PipelineCommand } from "./pipeline_command.ts";
import { objectKey } from "../artifact_store/mod.ts";
import { graphPage } from "./view/graph_page.ts";
import { planText } from "./view/plan_text.ts";
import { sweepPlanText } from "./view/sweep_text.ts";

/** Shows what was asked for. */
export async function showPipeline(
  job: PipelineCommand,
  options: PipelineCliOptions,
): Promise<void> {
  const { request, pipeline, given } = job;
  const { stdout } = options;
  if (request.sweep.length === 0) {
    return await showPlan(job, await planPipeline(pipeline, given), options);
  }
  const grid = readGrid(pipeline.params, request.sweep);
  if (request.show !== "plan") {
    throw new UsageError("Cannot draw a sweep: each combination has a graph of its own", {
      next: "leave --sweep out, or give one combination with --param",
    });
  }
  const plans = await planSweep(pipeline, { ...given, grid });
  const json = () => JSON.stringify(plans.map(({ params, entries }) => ({ params, entries })));
  stdout.write(request.json ? `${json()}\n` : sweepPlanText(plans));
}

async function showPlan(
  { request, store }: PipelineCommand,
  plan: Plan,
  { stdout, root, home }: PipelineCliOptions,
): Promise<void> {
  if (request.show === "graph") stdout.write(mermaidText(plan.graph));
  else if (request.show === "graph-html") {
    const last = (await listRuns(store)).find(({ pipeline }) => pipeline === request.pipeline);
    const path = join(root, "reports", `${request.pipeline}_graph.html`);
    const link = (digest: string) => relative(dirname(path), join(home, objectKey(digest)));
    await writeFileAtomic(path, graphPage(request.pipeline, plan, last, link));
    stdout.write(`${path}\n`);
  } else if (request.json) stdout.write(`${JSON.stringify(plan.entries)}\n`);
  else stdout.write(planText(plan));
}
