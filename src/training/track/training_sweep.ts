/** What a sweep of trainings tells MLflow: one run, nested in it a run per combination. */

import {
  type Resource,
  type RunInfo,
  type SweepContext,
  type SweepEnd,
  type SweptPoint,
  valueAsText,
} from "../../pipeline/mod.ts";
import { metricOf } from "../../metrics/mod.ts";
import { publishBundle, type SavedBundle } from "../../registry/mod.ts";
import type { TrackedRun } from "../../tracking/mod.ts";
import { endings, openTracking, type Tracking, type TrackingParams } from "./tracking.ts";

/** What the trainings of a sweep share. */
export function trackedSweep(
  params: TrackingParams,
  select: string,
): Resource<unknown, TrainingSweep>["sweep"] {
  return {
    open: (context) => TrainingSweep.open(params, select, context),
    close: (sweep, end) => sweep.close(end),
  };
}

/** The tracked run of a sweep, open until its last training has ended. */
export class TrainingSweep {
  /** The pipeline's runs that have a nested run. */
  readonly #tracked = new Set<string>();
  /** Models that runs of this sweep made and that may be published, by run. */
  readonly #made = new Map<string, SavedBundle>();

  private constructor(
    /** Where its runs are tracked. */
    readonly tracking: Tracking,
    private readonly parent: TrackedRun,
    private readonly select: string,
  ) {}

  /** Starts the run of the sweep. */
  static async open(
    params: TrackingParams,
    select: string,
    { run, warn }: SweepContext,
  ): Promise<TrainingSweep> {
    const tracking = await openTracking(params, run.pipeline, warn);
    const parent = await tracking.tracker.startRun(tracking.experiment, {
      name: run.sweep.id,
      startTime: run.startedAt.getTime(),
    });
    return new TrainingSweep(tracking, parent, select);
  }

  /** Starts the run of a combination. */
  async startPoint(
    { id, startedAt }: Pick<RunInfo, "id" | "startedAt">,
    swept: SweptPoint["params"],
  ): Promise<TrackedRun> {
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

  /** Takes a model that a run made, to be published if its point comes out best. */
  made(run: string, bundle: SavedBundle): void {
    this.#made.set(run, bundle);
  }

  /**
   * Makes the model of the best point the newest. Where that point was taken from the
   * cache, or missed a gate, nothing is moved: what is newest now was chosen before.
   */
  async #publishBest({ points, log }: SweepEnd): Promise<void> {
    const sign = metricOf(this.select).direction === "higher" ? 1 : -1;
    const score = ({ metrics }: SweptPoint) => sign * (metrics[`best_${this.select}`] ?? NaN);
    const best = points.filter((point) => !Number.isNaN(score(point)))
      .sort((a, b) => score(b) - score(a))[0];
    if (best === undefined) return;
    const told = Object.entries(texts(best.params)).map(([name, text]) => `${name}=${text}`);
    const bundle = this.#made.get(best.run ?? "");
    if (bundle === undefined) {
      return log(
        `Best point: ${told.join(" ")}; it made no new model, so the newest one stays as it is`,
      );
    }
    const held = await publishBundle(bundle);
    log(
      `Best point: ${told.join(" ")}; ` +
        (held === undefined
          ? `published ${bundle.modelPath}`
          : `${bundle.modelPath} is not the champion: ${held}`),
    );
  }

  /**
   * Adds the combinations that were taken from the cache as a whole, and the table
   * that compares all. MLflow shows it beside the run.
   */
  async close(end: SweepEnd): Promise<void> {
    const { status, points } = end;
    if (status !== "cancelled") await this.#publishBest(end);
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
