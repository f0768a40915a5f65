/** What a training tells MLflow: one parent run, one nested run per combination. */

import type { RunStatus as PipelineStatus } from "../../src/pipeline/mod.ts";
import { timestampName } from "../../src/registry/mod.ts";
import {
  chosenExperiment,
  openTracker,
  type Run,
  type Tracker,
  viewHint,
} from "../../src/tracking/mod.ts";
import { type CombinationScores, metricNames } from "./cross_validate.ts";
import type { Findings } from "./findings.ts";
import { gitCommit } from "./provenance.ts";

/** MLflow's words for how a run of the pipeline ends. */
const endings = { succeeded: "FINISHED", failed: "FAILED", cancelled: "KILLED" } as const;

/** The parameters of a training that its run tells or needs. */
export interface TrackedParams {
  /** Name of the MLflow experiment; the environment may choose another. */
  readonly experiment: string;
  /** Server or folder; empty for `./mlruns`. */
  readonly tracking: string;
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
   * Starts the parent run; what is known from the start is logged at once, so
   * that an interrupted run says what it was.
   */
  static async open(
    { experiment, tracking, data, folds, seed }: TrackedParams,
    startedAt: Date,
    warn: (text: string) => void,
  ): Promise<TrainingRun> {
    const tracker = await openTracker({
      uri: tracking,
      source: { name: "pipelines/train.ts", gitCommit: await gitCommit() ?? undefined },
      onWarning: warn,
    });
    const parent = await tracker.startRun(await chosenExperiment(tracker, experiment), {
      name: `training_${timestampName(startedAt)}`,
      startTime: startedAt.getTime(),
    });
    await parent.logParams({ data_path: data, cv_folds: folds, seed });
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

  /** Adds what went in, what won and how well it did. */
  async logSummary(
    { source, experiment, scores, best, leak, fitted }: Findings,
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
    await this.parent.logDataset({
      name: source.path,
      digest: source.digest.slice(0, 8),
      source: source.path,
      schema: Object.keys(source.table.columns).map((name) => ({ name, type: "string" })),
      profile: {
        num_rows: source.table.rows,
        num_elements: source.table.rows * Object.keys(source.table.columns).length,
      },
      context: "training",
    });
  }

  /** What to type or open to see the run; a lost server's run can also be sent. */
  get hints(): string[] {
    const view = `View it: ${viewHint(this.parent)}`;
    const kept = this.wantsServer && this.parent.location.kind === "folder";
    return kept ? [view, "Send it: deno task pipeline send_runs"] : [view];
  }

  /** Ends the parent run, and whatever is still open in it. */
  async close(status: PipelineStatus): Promise<void> {
    await this.tracker.endOpenRuns(endings[status]);
  }
}
