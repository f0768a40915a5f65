/** What a training tells MLflow: one parent run, one nested run per candidate. */

import type { OpenContext, RunStatus as PipelineStatus } from "../../pipeline/mod.ts";
import { timestampName } from "../../registry/mod.ts";
import type { LearningCurve } from "../../learners/mod.ts";
import {
  type MetricPoint,
  type ParamValue,
  type TrackedRun,
  type Tracker,
  viewHint,
} from "../../tracking/mod.ts";
import { type Candidate, samplerName } from "../candidate.ts";
import {
  type CandidateScores,
  isLeftOut,
  isScored,
  type SkippedCandidate,
} from "../cross_validate.ts";
import type { FittedModel } from "../experiment.ts";
import { fairnessMetrics } from "../fairness.ts";
import type { Findings } from "../findings.ts";
import { loadData } from "../load_data.ts";
import { meanOf } from "../selection.ts";
import type { FittedTask } from "../tasks/contract.ts";
import type { TrialRecord } from "../trials.ts";
import { trackedDataset } from "./tracked_dataset.ts";
import { endings, openTracking, type TrackingParams } from "./tracking.ts";
import type { TrainingSweep } from "./training_sweep.ts";

/** The parameters of a training that its run tells or needs. */
export interface TrackedParams extends TrackingParams {
  readonly data: string;
  readonly folds: number;
  readonly seed: number;
}

/**
 * The tracked run of a training, open until it is closed. Where an orchestrator runs each step by
 * itself, the step that exports tells all; candidates are not told as they come, for each would begin
 * a run of its own.
 */
export class TrainingRun {
  /** Candidates that have their nested run. */
  readonly #logged = new Set<string>();
  #parent?: TrackedRun;

  /** Takes the tracker, what starts the parent run, the sweep it is part of and what it was meant for. */
  private constructor(
    private readonly tracker: Tracker,
    private readonly start: () => Promise<TrackedRun>,
    /** The sweep that the training is a point of. */
    readonly sweep: TrainingSweep | undefined,
    private readonly wantsServer: boolean,
  ) {}

  /** The parent run, which has begun: summary, data set and model belong here. */
  get parent(): TrackedRun {
    return this.#parent!;
  }

  /**
   * Starts the parent run, in a sweep below the sweep's; what is known from the start
   * is logged at once, so that an interrupted run says what it was.
   */
  static async open(
    params: TrackedParams,
    { run, warn, shared }: OpenContext & { readonly shared: TrainingSweep | undefined },
    name = `training_${timestampName(run.startedAt)}`,
  ): Promise<TrainingRun> {
    const { tracker, experiment } = shared?.tracking ??
      await openTracking(params, run.pipeline, warn);
    const { tracking, data, folds, seed } = params;
    const start = async () => {
      const parent = await shared?.startPoint(run, run.sweep?.params ?? {}) ??
        await tracker.startRun(experiment, {
          name,
          startTime: run.startedAt.getTime(),
          ...run.partOf !== undefined && { tags: { orchestrated_run: run.partOf } },
        });
      await parent.logParams({ data_path: data, cv_folds: folds, seed });
      await parent.logDataset(trackedDataset(await loadData(data)));
      return parent;
    };
    const training = new TrainingRun(tracker, start, shared, /^https?:/i.test(tracking));
    if (run.partOf === undefined) await training.begin();
    return training;
  }

  /** Begins the parent run if it has not begun. */
  async begin(): Promise<void> {
    this.#parent ??= await this.start();
  }

  /** Adds the nested run of a candidate: its per-fold metrics as steps, then their means. */
  async logCandidate(scored: CandidateScores | SkippedCandidate): Promise<void> {
    const { candidate } = scored;
    if (this.#parent === undefined || this.#logged.has(candidate.name)) return;
    this.#logged.add(candidate.name);
    const run = await this.tracker.startRun(this.parent.experiment, {
      name: candidate.name,
      parent: this.parent,
      tags: names(candidate),
    });
    if (isLeftOut(scored)) {
      await run.setTags({ failure: scored.failure.slice(0, MOST_TEXT) });
      return await run.end("FAILED");
    }
    const { params, folds, mean } = scored;
    const { sampler } = names(candidate);
    await run.logParams({ ...sampler !== undefined && { sampler }, ...texts(params) });
    await run.logMetricPoints(
      folds.flatMap(({ metrics, sampled_rows }, step) =>
        Object.entries({ ...metrics, sampled_rows }).map(([key, value]) => ({ key, value, step }))
      ),
    );
    await run.logMetrics(
      Object.fromEntries(Object.entries(mean).map(([name, value]) => [`mean_${name}`, value])),
    );
    await run.end("FINISHED");
  }

  /** Adds the nested run of a trial, its metric fold by fold; a pruned one counts as killed. */
  async logTrial(trial: TrialRecord, select: string): Promise<void> {
    const { candidate, params, state, value, folds, failure } = trial;
    if (this.#parent === undefined || this.#logged.has(candidate.name)) return;
    this.#logged.add(candidate.name);
    const run = await this.tracker.startRun(this.parent.experiment, {
      name: candidate.name,
      parent: this.parent,
      tags: { ...names(candidate), trial: String(trial.number), trial_state: state },
    });
    if (failure !== undefined) await run.setTags({ failure: failure.slice(0, MOST_TEXT) });
    await run.logParams(texts(params));
    if (folds.length > 0) {
      await run.logMetricPoints(folds.map((value, step) => ({ key: select, value, step })));
    }
    if (value !== undefined) await run.logMetrics({ [`mean_${select}`]: value });
    await run.end(trialEndings[state]);
  }

  /** Adds what won and how well it did. */
  async logSummary(
    { trackedAs = {} }: Pick<FittedTask, "trackedAs">,
    findings: Findings,
  ): Promise<void> {
    const { experiment, scores, best, leak, fitted, scoring, conclusion, test, gates, nested } =
      findings;
    const { select } = scoring;
    for (const trial of findings.search?.trials ?? []) await this.logTrial(trial, select);
    // Candidates that were taken from the cache have no nested run yet.
    for (const scored of scores) await this.logCandidate(scored);
    await this.parent.logParams({
      n_samples: experiment.data.rows,
      n_features: fitted.state.features.length,
      best_model: best.candidate.name,
      ...texts(fitted.params),
    });
    const named = (name: string) => trackedAs[name] ?? name;
    const short = select === "f1_macro" ? "f1" : select;
    await this.parent.logMetrics({
      ...Object.fromEntries(
        scoring.metrics.map((name) => [`best_${named(name)}`, best.mean[name]]),
      ),
      ...nested && { [`nested_${named(select)}`]: meanOf(nested.map(({ outer }) => outer)) },
      ...leak && { [`best_${named(select)}_grouped`]: leak.grouped },
      ...conclusion.metrics,
      ...conclusion.interval && { interval_half_width: conclusion.interval.half_width },
      ...findings.fairness && fairnessMetrics(findings.fairness),
      ...prefixed("test_", test),
      ...Object.fromEntries(
        [...scores, ...findings.nothing ?? []].filter(isScored).map(({ candidate, mean }) => [
          `${candidate.name}_${short}`,
          mean[select],
        ]),
      ),
    });
    await this.parent.logMetricPoints(lossPoints(fitted));
    await this.parent.setTags({
      ...leak && { leak_check: leak.sentence },
      ...gates && { gate: gates.missed.length === 0 ? "passed" : "failed" },
      ...gates && gates.missed.length > 0 && { gate_missed: gates.missed.join("; ") },
    });
  }

  /** What to type or open to see the run; a lost server's run can also be sent. */
  get hints(): string[] {
    const view = `View it: ${viewHint(this.parent)}`;
    const kept = this.wantsServer && this.parent.location.kind === "folder";
    return kept ? [view, "Send it: deno task pipeline send_runs"] : [view];
  }

  /** Ends the parent run, and whatever is still open below it. */
  async close(status: PipelineStatus): Promise<void> {
    if (this.#parent === undefined) return;
    await this.tracker.endOpenRuns(endings[status], this.parent);
  }
}

const trialEndings = { complete: "FINISHED", pruned: "KILLED", failed: "FAILED" } as const;

/** MLflow takes tags of 8,000 characters; nobody reads more than some lines. */
const MOST_TEXT = 2000;

function names(candidate: Candidate): { learner: string; sampler?: string } {
  const { kind } = candidate.learner;
  const sampler = samplerName(candidate);
  return {
    ...sampler !== undefined && { sampler },
    learner: kind[0].toUpperCase() + kind.slice(1),
  };
}

/** Parameters as MLflow takes them. */
function texts(params: Readonly<Record<string, unknown>>): Record<string, ParamValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? String(value) : value as ParamValue,
    ]),
  );
}

/** The loss after each round of a boosting that was watched, of training and of other rows. */
function lossPoints({ model }: FittedModel): MetricPoint[] {
  const { curve } = model as { readonly curve?: LearningCurve };
  if (curve === undefined) return [];
  return (["train", "validation"] as const).flatMap((part) =>
    curve[part].map((value, step) => ({ key: `${part}_${curve.metric}`, value, step }))
  );
}

function prefixed(
  prefix: string,
  metrics: Readonly<Record<string, number>> = {},
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [prefix + name, value]),
  );
}
