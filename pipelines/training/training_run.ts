/** What a training tells MLflow: one parent run, one nested run per combination. */

import type { OpenContext, RunStatus as PipelineStatus } from "../../src/pipeline/mod.ts";
import { timestampName } from "../../src/registry/mod.ts";
import { type Run, type Tracker, viewHint } from "../../src/tracking/mod.ts";
import { loadData } from "../credit_score/load_data.ts";
import { type CombinationScores, metricNames } from "./cross_validate.ts";
import type { Findings } from "./findings.ts";
import { trackedDataset } from "./tracked_dataset.ts";
import { endings, openTracking, type TrackingParams } from "./tracking.ts";
import type { TrainingSweep } from "./training_sweep.ts";

/** The parameters of a training that its run tells or needs. */
export interface TrackedParams extends TrackingParams {
  readonly data: string;
  readonly folds: number;
  readonly seed: number;
}

/** The tracked run of a training, open until it is closed. */
export class TrainingRun {
  /** Combinations that have their nested run. */
  readonly #logged = new Set<string>();

  /** Takes the tracker, the parent run and whether it was meant for a server. */
  private constructor(
    private readonly tracker: Tracker,
    /** The parent run: summary, data set and model belong here. */
    readonly parent: Run,
    private readonly wantsServer: boolean,
  ) {}

  /**
   * Starts the parent run, in a sweep below the sweep's; what is known from the start
   * is logged at once, so that an interrupted run says what it was.
   */
  static async open(
    params: TrackedParams,
    { run, warn, shared }: OpenContext & { readonly shared: TrainingSweep | undefined },
  ): Promise<TrainingRun> {
    const { tracker, experiment } = shared?.tracking ?? await openTracking(params, warn);
    const parent = await shared?.startPoint(run, run.sweep?.params ?? {}) ??
      await tracker.startRun(experiment, {
        name: `training_${timestampName(run.startedAt)}`,
        startTime: run.startedAt.getTime(),
      });
    const { tracking, data, folds, seed } = params;
    await parent.logParams({ data_path: data, cv_folds: folds, seed });
    await parent.logDataset(trackedDataset(await loadData(data)));
    return new TrainingRun(tracker, parent, /^https?:/i.test(tracking));
  }

  /** Adds the nested run of a combination: its per-fold metrics as steps, then their means. */
  async logCombination(
    { combination, params, folds, mean }: CombinationScores,
  ): Promise<void> {
    if (this.#logged.has(combination.name)) return;
    this.#logged.add(combination.name);
    const run = await this.tracker.startRun(this.parent.experiment, {
      name: combination.name,
      parent: this.parent,
      tags: { sampler: combination.sampler, learner: combination.learner },
    });
    await run.logParams({ sampler: combination.sampler, ...params });
    await run.logMetricPoints(
      folds.flatMap((fold, step) =>
        [...metricNames, "sampled_rows" as const].map((key) => ({ key, value: fold[key], step }))
      ),
    );
    await run.logMetrics(
      Object.fromEntries(metricNames.map((name) => [`mean_${name}`, mean[name]])),
    );
    await run.end("FINISHED");
  }

  /** Adds what won and how well it did. */
  async logSummary(
    { experiment, scores, best, leak, fitted }: Findings,
  ): Promise<void> {
    // Combinations that were taken from the cache have no nested run yet.
    for (const scored of scores) await this.logCombination(scored);
    await this.parent.logParams({
      n_samples: experiment.data.rows,
      n_features: fitted.state.features.length,
      best_model: best.combination.name,
      ...fitted.classifier.params,
    });
    await this.parent.logMetrics({
      best_f1_macro: best.mean.f1_macro,
      best_accuracy: best.mean.accuracy,
      best_precision: best.mean.precision_macro,
      best_recall: best.mean.recall_macro,
      best_f1_macro_grouped: leak.grouped,
      ...Object.fromEntries(
        scores.map(({ combination, mean }) => [`${combination.name}_f1`, mean.f1_macro]),
      ),
    });
    await this.parent.setTags({ leak_check: leak.sentence });
  }

  /** What to type or open to see the run; a lost server's run can also be sent. */
  get hints(): string[] {
    const view = `View it: ${viewHint(this.parent)}`;
    const kept = this.wantsServer && this.parent.location.kind === "folder";
    return kept ? [view, "Send it: deno task pipeline send_runs"] : [view];
  }

  /** Ends the parent run, and whatever is still open below it. */
  async close(status: PipelineStatus): Promise<void> {
    await this.tracker.endOpenRuns(endings[status], this.parent);
  }
}
