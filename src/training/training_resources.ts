/** What a training holds open while its steps run. */

import { WorkerPool } from "../base/mod.ts";
import type { Builder, Handle } from "../pipeline/mod.ts";
import { checkWritable } from "../registry/mod.ts";
import type { CommonParams } from "./params.ts";
import { TrainingRun } from "./track/training_run.ts";
import { trackedSweep } from "./track/training_sweep.ts";

/** What a training holds open; none of it changes an output, so none counts for the cache. */
export interface TrainingResources {
  /** Threads. */
  readonly pool: Handle<WorkerPool>;
  /** Opens only if the folders of models and reports can be written. */
  readonly writable: Handle<void>;
  /** The tracked run. */
  readonly tracking: Handle<TrainingRun>;
}

/**
 * Opens them for a pipeline.
 *
 * @param select Metric by which a sweep chooses among trainings.
 * @param run Name of the tracked run, if it is declared.
 */
export function trainingResources<Params extends CommonParams>(
  { params, resource }: Pick<Builder<Params>, "params" | "resource">,
  select: string,
  run: string | undefined,
): TrainingResources {
  const { models, reports } = params;
  return {
    pool: resource("workers", {
      open: ({ run }) => new WorkerPool(run.jobs),
      close: (pool) => pool.close(),
      counts: false,
    }),
    writable: resource("writable", {
      open: async () => {
        for (const folder of [models, reports]) await checkWritable(folder);
      },
      counts: false,
    }),
    tracking: resource("tracking", {
      sweep: trackedSweep(params, select),
      open: (context) => TrainingRun.open(params, context, run),
      close: (tracked, { status }) => tracked.close(status),
      counts: false,
    }),
  };
}
