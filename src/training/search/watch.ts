/** What the trials of a run share: the clock, the best so far, the folds' rows. */

import type { WorkerPool } from "../../base/mod.ts";
import { type Direction, loss } from "../../search/mod.ts";
import type { Fold } from "../../dataset/mod.ts";
import type { ComparisonData, PreparedFold } from "../experiment.ts";
import { metricLabel } from "../metric_label.ts";
import { prepareFoldTask } from "../prepared_fold.ts";
import type { TrialRecord } from "../trials.ts";
import { trialName } from "./space.ts";

/** Open while the trials of a run are made. No result depends on it. */
export class SearchWatch {
  readonly #started = performance.now();
  readonly #folds = new Map<number, Promise<PreparedFold>>();
  #best: TrialRecord | undefined;
  #underWay = 0;

  /** Takes the seconds after which no further trial begins, and what is compared. */
  constructor(
    private readonly timeout: number,
    private readonly select: string,
    private readonly direction: Direction,
  ) {}

  /** How many trials are scored at the moment. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Counts a trial as under way until it is disposed of. */
  enter(): Disposable {
    this.#underWay++;
    return { [Symbol.dispose]: () => void this.#underWay-- };
  }

  /** Whether the time is up. */
  get isOver(): boolean {
    return performance.now() - this.#started >= 1000 * this.timeout;
  }

  /** The rows of a fold, made by whoever asks first. */
  fold(
    index: number,
    fold: Fold,
    experiment: ComparisonData,
    pool: WorkerPool,
  ): Promise<PreparedFold> {
    let prepared = this.#folds.get(index);
    if (prepared === undefined) {
      prepared = pool.run(prepareFoldTask, { experiment, fold });
      this.#folds.set(index, prepared);
    }
    return prepared;
  }

  /** Hears of trials; those of earlier runs are told by those who build on them. */
  tell(trials: readonly TrialRecord[]): void {
    for (const trial of trials) {
      if (trial.state !== "complete") continue;
      const [mine, best] = [trial, this.#best].map((one) => loss(one?.value, this.direction));
      if (mine < best) this.#best = trial;
    }
  }

  /** The best so far, as `ROC AUC 0.8312 of trial_007`; nothing before there is one. */
  get bestSoFar(): string | undefined {
    if (this.#best === undefined) return undefined;
    const { value, number } = this.#best;
    return `${metricLabel(this.select)} ${value!.toFixed(4)} of ${trialName(number)}`;
  }
}
