/** Starts a pipeline from a cell. */

import { ambientSignal, eachLine, UsageError, UserError } from "../base/mod.ts";
import type { RunEvent } from "../pipeline/mod.ts";
import { artifact, type ArtifactOptions } from "./artifact.ts";
import { projectRoot } from "./project.ts";
import { spawnTask } from "./spawn_task.ts";
import { RunView } from "./run_view.ts";
import type { RunSummary } from "./runs_table.ts";

/** How a pipeline is run. */
export interface RunFromCell {
  /** Parameters by name; those left out take their defaults. */
  readonly params?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Steps that run even if their kept outputs stand; `true` for all. */
  readonly force?: boolean | string;
  /** Cores to use; all if left out. */
  readonly jobs?: number;
  /** Interrupts the run; Stop in the notebook does so if left out. */
  readonly signal?: AbortSignal;
}

/** A run that has ended well. */
export interface FinishedRun extends RunSummary {
  /** Reads the output of a step of this run. */
  artifact<T = unknown>(step: string, options?: Pick<ArtifactOptions, "item">): Promise<T>;
}

/**
 * Runs a pipeline as `deno task pipeline` does, in the project's folder and in a
 * process of its own, so that it sees edited code without a restart of the kernel.
 * The cell shows its steps as they go; steps that are kept are not run again.
 *
 * @throws {UsageError} for parameters or a pipeline that do not exist.
 * @throws {UserError} if a step fails, with its message, or the run is interrupted.
 *
 * @example
 * ```ts ignore
 * const trained = await run("train", { params: { folds: 3, trees: 50 } });
 * const best = await trained.artifact<CombinationScores>("evaluate");
 * ```
 */
export async function run(
  pipeline: string,
  { params = {}, force, jobs, signal = ambientSignal() }: RunFromCell = {},
): Promise<FinishedRun> {
  const root = await projectRoot();
  const child = spawnTask("pipeline", [
    ...[pipeline, "--json"],
    ...Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]),
    ...force === undefined || force === false ? [] : ["--force"],
    ...typeof force === "string" ? [force] : [],
    ...jobs === undefined ? [] : ["--jobs", String(jobs)],
  ], root);
  const interrupt = () => child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  const view = new RunView(pipeline, root);
  const complaint = new Response(child.stderr).text();
  await eachLine(child.stdout, (line) => {
    if (line.startsWith("{")) view.take(JSON.parse(line) as RunEvent);
  });
  signal?.removeEventListener("abort", interrupt);
  await child.status;
  await view.end();
  const { summary, failure } = view;
  if (summary === undefined) throw refusal(pipeline, await complaint);
  if (failure !== undefined) {
    throw new UserError(`Cannot finish ${pipeline}: ${failure.message}`, { next: failure.next });
  }
  if (summary.status !== "succeeded") {
    throw new UserError(`Cannot finish ${pipeline}: it was ${summary.status}`, {
      next: "run the cell again; finished steps are kept",
    });
  }
  return {
    ...summary,
    artifact: (step, options = {}) => artifact(pipeline, step, { ...options, run: summary.name }),
  };
}

/** Why a run did not start: the command line's own words. */
function refusal(pipeline: string, complaint: string): UsageError {
  const lines = complaint.trim().split("\n");
  const next = lines.find((line) => line.startsWith("next: "))?.slice("next: ".length);
  const message = lines.find((line) => line.startsWith("error: "))?.slice("error: ".length) ??
    lines[0];
  return new UsageError(message || `Cannot start ${pipeline}`, { ...next && { next } });
}
