/** The tracker over any store: checks, fills in, remembers which runs are open. */

import { masked, maskedText, UsageError } from "../base/mod.ts";
import type {
  Content,
  Experiment,
  ExperimentChoice,
  LoggedModel,
  MetricPoint,
  ParamValue,
  TrackedDataset,
  TrackedModel,
  TrackedRun,
  TrackedRunOptions,
  TrackedRunStatus,
  Tracker,
  TrackerLocation,
} from "./contract.ts";
import {
  checkArtifactPath,
  checkDataset,
  checkExperimentName,
  checkModelName,
  checkParams,
  checkPoints,
  checkTags,
} from "./limits.ts";
import type { Store, StoredRun } from "./store.ts";

/** What a {@linkcode recorder} sets on every run. */
export interface RecorderOptions {
  /** Tags of every run, as the user and the commit; a run's own tags win. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
}

/** Makes a tracker that keeps its runs in `store`. */
export function recorder(store: Store, options: RecorderOptions = {}): Tracker {
  return new Recorder(store, options.tags ?? {}, options.now ?? Date.now);
}

class Recorder implements Tracker {
  readonly #open = new Set<RecordedRun>();

  constructor(
    private readonly store: Store,
    private readonly tags: Readonly<Record<string, string>>,
    private readonly now: () => number,
  ) {}

  get location(): TrackerLocation {
    return this.store.location;
  }

  async experiment(choice: ExperimentChoice): Promise<Experiment> {
    if (typeof choice === "string") checkExperimentName(choice);
    return await this.store.experiment(choice);
  }

  async startRun(experiment: Experiment, options: TrackedRunOptions): Promise<TrackedRun> {
    const { parent, startTime = this.now() } = options;
    const name = maskedText(options.name);
    const tags = masked({ ...this.tags, ...options.tags, "mlflow.runName": name });
    checkTags(tags);
    if (parent !== undefined && !(parent instanceof RecordedRun)) {
      throw new UsageError(`Cannot nest run ${name}: its parent comes from another tracker`);
    }
    const stored = await this.store.createRun(experiment, {
      name,
      startTime,
      tags,
      parent: parent?.stored,
    });
    const onEnd = () => this.#open.delete(run);
    const run = new RecordedRun(this.store, stored, name, parent, this.now, onEnd);
    this.#open.add(run);
    return run;
  }

  async endOpenRuns(status: TrackedRunStatus, below?: TrackedRun): Promise<void> {
    const failures: unknown[] = [];
    const chosen = [...this.#open].filter((run) => below === undefined || run.isWithin(below));
    for (const run of chosen.reverse()) {
      await run.end(status).catch((error) => failures.push(error)); // The others end all the same.
    }
    if (failures.length > 0) throw failures[0];
  }
}

class RecordedRun implements TrackedRun {
  readonly name: string;
  readonly stored: StoredRun;
  readonly #params = new Map<string, string>();
  #ended = false;

  constructor(
    private readonly store: Store,
    stored: StoredRun,
    name: string,
    private readonly parent: RecordedRun | undefined,
    private readonly now: () => number,
    private readonly onEnd: () => void,
  ) {
    this.stored = stored;
    this.name = name;
  }

  get id(): string {
    return this.stored.id;
  }

  get experiment(): Experiment {
    return this.stored.experiment;
  }

  get location(): TrackerLocation {
    return this.stored.location;
  }

  /** Whether it is `run`, or nested in it however deep. */
  isWithin(run: TrackedRun): boolean {
    return run === this || (this.parent?.isWithin(run) ?? false);
  }

  async logParams(params: Readonly<Record<string, ParamValue>>): Promise<void> {
    this.#checkOpen();
    const texts = Object.entries(params).map(([key, value]) =>
      [key, maskedText(String(value))] as const
    );
    checkParams(Object.fromEntries(texts));
    for (const [key, value] of texts) {
      const earlier = this.#params.get(key);
      if (earlier !== undefined && earlier !== value) {
        throw new UsageError(
          `Cannot change parameter "${key}" of run ${this.name}: it is ${earlier}, not ${value}`,
          { next: "log it under another name, or in a run of its own" },
        );
      }
    }
    const added = texts.filter(([key]) => !this.#params.has(key));
    if (added.length === 0) return;
    for (const [key, value] of added) this.#params.set(key, value);
    await this.store.writeParams(this.stored, Object.fromEntries(added));
  }

  async logMetrics(
    metrics: Readonly<Record<string, number>>,
    options: { readonly step?: number; readonly timestamp?: number } = {},
  ): Promise<void> {
    await this.logMetricPoints(
      Object.entries(metrics).map(([key, value]) => ({ key, value, ...options })),
    );
  }

  async logMetricPoints(points: readonly MetricPoint[]): Promise<void> {
    this.#checkOpen();
    const now = this.now();
    const complete = points.map(({ key, value, step = 0, timestamp = now }) => (
      { key, value, step, timestamp }
    ));
    checkPoints(complete);
    if (complete.length > 0) await this.store.writeMetrics(this.stored, complete);
  }

  async setTags(tags: Readonly<Record<string, string>>): Promise<void> {
    this.#checkOpen();
    checkTags(tags);
    if (Object.keys(tags).length > 0) await this.store.writeTags(this.stored, masked(tags));
  }

  async logDataset(dataset: TrackedDataset): Promise<void> {
    this.#checkOpen();
    checkDataset(dataset);
    await this.store.writeDataset(this.stored, dataset);
  }

  async logArtifact(path: string, content: Content): Promise<void> {
    this.#checkOpen();
    checkArtifactPath(path);
    await this.store.writeArtifact(this.stored, path, content);
  }

  async logModel(model: TrackedModel): Promise<LoggedModel> {
    this.#checkOpen();
    checkModelName(model.name);
    return await this.store.writeModel(this.stored, model, Object.fromEntries(this.#params));
  }

  async end(status: TrackedRunStatus = "FINISHED"): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd();
    await this.store.endRun(this.stored, status, this.now());
  }

  #checkOpen(): void {
    if (this.#ended) {
      throw new UsageError(`Cannot log to run ${this.name}: it has ended`, {
        next: "log before run.end()",
      });
    }
  }
}
