/** Reading runs back: from a server, or from a folder in MLflow's file layout. */

import { UsageError } from "../base/mod.ts";
import type { TrackedRunStatus } from "./contract.ts";

/** A run with what was logged to it. */
export interface FoundRun {
  /** Id in its store. */
  readonly id: string;
  /** What it is called. */
  readonly name: string;
  /** Name of its experiment. */
  readonly experiment: string;
  /** How it ended; RUNNING if it has not. */
  readonly status: TrackedRunStatus | "RUNNING" | "SCHEDULED";
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** Milliseconds since 1970; absent if it has not ended. */
  readonly endTime?: number;
  /** Parameters. */
  readonly params: Readonly<Record<string, string>>;
  /** Tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The latest value of each metric. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A value of a metric's history. */
export interface HistoryPoint {
  /** Step. */
  readonly step: number;
  /** Value; may be no number. */
  readonly value: number;
}

/** Which runs are looked for. */
export interface RunQuery {
  /** Name of the experiment; all if it is left out. */
  readonly experiment?: string;
  /** As MLflow's `search_runs` takes it. */
  readonly filter?: string;
  /** As MLflow's `search_runs` takes it, clauses separated by commas; the newest first by default. */
  readonly order?: string;
  /** How many at the most. */
  readonly max: number;
}

/** A place that runs are read from. */
export interface RunReader {
  /** Where, as people are told. */
  readonly place: string;
  /** Names of its experiments. */
  experiments(): Promise<readonly string[]>;
  /**
   * Looks for runs that are not deleted.
   *
   * @throws {UsageError} if filter, order or experiment cannot be understood.
   */
  search(query: RunQuery): Promise<readonly FoundRun[]>;
  /** All values of a metric, by rising step. */
  history(run: FoundRun, metric: string): Promise<readonly HistoryPoint[]>;
}

/** What is said where no experiment has a name. */
export function unknownExperiment(
  name: string,
  known: readonly string[],
  place: string,
): UsageError {
  return new UsageError(`Cannot find the experiment "${name}" in ${place}`, {
    next: known.length === 0 ? "it holds none yet" : `it holds ${known.join(", ")}`,
  });
}
