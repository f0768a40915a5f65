/** What a sweep of trainings tells MLflow: one run, nested in it a run per combination. */

import {
  type Resource,
  type RunInfo,
  type SweepContext,
  type SweepEnd,
  type SweptPoint,
  valueAsText,
} from "../../src/pipeline/mod.ts";
import type { Run } from "../../src/tracking/mod.ts";
import type { TrainingRun } from "./training_run.ts";
import { endings, openTracking, type Tracking, type TrackingParams } from "./tracking.ts";

/** What the trainings of a sweep share. */
export function trackedSweep(
  params: TrackingParams,
): Resource<TrainingRun, TrainingSweep>["sweep"] {
  return {
    open: (context) => TrainingSweep.open(params, context),
    close: (sweep, end) => sweep.close(end),
  };
}

/** The tracked run of a sweep, open until its last training has ended. */
export class TrainingSweep {
  /** The pipeline's runs that have a nested run. */
  readonly #tracked = new Set<string>();

  private constructor(
    /** Where its runs are tracked. */
    readonly tracking: Tracking,
    private readonly parent: Run,
  ) {}

  /** Starts the run of the sweep. */
  static async open(
    params: TrackingParams,
    { run, warn }: SweepContext,
  ): Promise<TrainingSweep> {
    const tracking = await openTracking(params, warn);
    const parent = await tracking.tracker.startRun(tracking.experiment, {
      name: run.sweep.id,
      startTime: run.startedAt.getTime(),
    });
    return new TrainingSweep(tracking, parent);
  }

  /** Starts the run of a combination. */
  async startPoint(
    { id, startedAt }: Pick<RunInfo, "id" | "startedAt">,
    swept: SweptPoint["params"],
  ): Promise<Run> {
    this.#tracked.add(id);
    const params = texts(swept);
    const run = await this.tracking.tracker.startRun(this.tracking.experiment, {
      name: Object.entries(params).map(([name, text]) => `${name}=${text}`).join(" "),
      parent: this.parent,
      startTime: startedAt.getTime(),
    });
    await run.logParams(params);
    return run;
  }

  /**
   * Adds the combinations that were taken from the cache as a whole, and the table
   * that compares all. MLflow shows it beside the run.
   */
  async close({ status, points }: SweepEnd): Promise<void> {
    for (const point of points) await this.#addCached(point);
    const grid = points.flatMap(({ params }) => Object.entries(texts(params)));
    const values = Map.groupBy(grid, ([name]) => name);
    await this.parent.logParams(Object.fromEntries(
      [...values].map((
        [name, given],
      ) => [name, [...new Set(given.map(([, text]) => text))].join("; ")]),
    ));
    const table = comparison(points);
    await this.parent.logArtifact(
      "comparison.json",
      new TextEncoder().encode(JSON.stringify(table)),
    );
    await this.parent.setTags({
      "mlflow.loggedArtifacts": JSON.stringify([{ path: "comparison.json", type: "table" }]),
    });
    await this.parent.end(endings[status]);
  }

  async #addCached({ run: id, status, params, metrics }: SweptPoint): Promise<void> {
    if (id === undefined || status === "not run" || this.#tracked.has(id)) return;
    const run = await this.startPoint({ id, startedAt: new Date() }, params);
    await run.logMetrics(metrics);
    await run.end(endings[status]);
  }
}

function texts(params: SweptPoint["params"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, valueAsText(value)]),
  );
}

/** Parameters, metrics and status of each combination, in the form of `mlflow.log_table`. */
function comparison(points: readonly SweptPoint[]): { columns: string[]; data: unknown[][] } {
  const params = Object.keys(points[0].params);
  const metrics = [...new Set(points.flatMap((point) => Object.keys(point.metrics)))];
  return {
    columns: [...params, ...metrics, "status", "run"],
    data: points.map((point) => [
      ...params.map((name) => point.params[name]),
      ...metrics.map((name) => point.metrics[name] ?? null),
      point.status,
      point.run ?? null,
    ]),
  };
}
