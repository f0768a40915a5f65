/** Tracked runs from cells. */

import {
  chosenExperiment,
  openTracker,
  type ParamValue,
  type TrackedRun,
  type TrackedRunStatus,
  viewHint,
} from "../tracking/mod.ts";
import { join } from "@std/path";
import { projectRoot } from "./project.ts";
import type { RunSummary } from "./runs_table.ts";

/** Where runs from cells go. */
export interface TrackingOptions {
  /** Experiment; created if it is missing. Default `notebooks`. */
  readonly experiment?: string;
  /** Server or folder; MLFLOW_TRACKING_URI, or the project's `mlruns`, if left out. */
  readonly uri?: string;
  /** Name of the notebook, for MLflow's source tag. */
  readonly notebook?: string;
}

/** Runs from cells: their experiment, and what was logged so far. */
export interface CellTracker {
  /** What to type or open to see the runs. */
  readonly hint: string;
  /** The runs so far, in their order: `table(tracking.runs)` compares them. */
  readonly runs: readonly RunSummary[];
  /**
   * Does work within a run: it ends as FINISHED, or as FAILED if the work throws,
   * so that no cell leaves a run open.
   *
   * @returns What the work gives.
   */
  run<T>(name: string, params: Readonly<Record<string, ParamValue>>, work: RunWork<T>): Promise<T>;
}

/** What is done within a run. */
export type RunWork<T> = (
  run: Pick<TrackedRun, "logMetrics" | "logArtifact" | "setTags">,
) => T | Promise<T>;

/**
 * Opens a place for runs from cells; each has the source type NOTEBOOK in MLflow.
 *
 * @throws {UsageError} if the URI is of a kind that is not supported.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tracking = await trackRuns({ uri: await Deno.makeTempDir() });
 * await tracking.run("forest", { trees: 50 }, (run) => run.logMetrics({ f1: 0.7 }));
 * assertEquals(tracking.runs[0].metrics, { f1: 0.7 });
 * ```
 */
export async function trackRuns(
  { experiment = "notebooks", uri, notebook = "notebook" }: TrackingOptions = {},
): Promise<CellTracker> {
  const root = join(await projectRoot(), "mlruns");
  const tracker = await openTracker({
    uri: uri ?? Deno.env.get("MLFLOW_TRACKING_URI"),
    root,
    source: { name: notebook, type: "NOTEBOOK" },
  });
  const chosen = await chosenExperiment(tracker, experiment);
  const runs: RunSummary[] = [];
  return {
    hint: viewHint(tracker),
    runs,
    async run(name, params, work) {
      const start = performance.now();
      const tracked = await tracker.startRun(chosen, { name });
      const metrics: Record<string, number> = {};
      let status: TrackedRunStatus = "FAILED";
      try {
        await tracked.logParams(params);
        const result = await work({
          logMetrics: async (given, options) => {
            await tracked.logMetrics(given, options);
            Object.assign(metrics, given);
          },
          logArtifact: (path, content) => tracked.logArtifact(path, content),
          setTags: (tags) => tracked.setTags(tags),
        });
        status = "FINISHED";
        return result;
      } finally {
        await tracked.end(status);
        const seconds = (performance.now() - start) / 1000;
        runs.push({ name, status, seconds, params, metrics });
      }
    },
  };
}
