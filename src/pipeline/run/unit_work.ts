/** One step, or one item of a fan-out, and what it needs to be taken from the cache or run. */

import type { CacheDecision, StepCache } from "../cache/step_cache.ts";
import type { WrittenPaths } from "../cache/written_paths.ts";
import type { RunInfo, Untimed } from "../../run_events/mod.ts";
import type { StepContext } from "../define/step.ts";
import type { Item, WorkNode } from "../define/graph.ts";
import type { StepSelection } from "../define/selection.ts";
import type { CoreSemaphore } from "./core_semaphore.ts";
import type { Stops } from "./stops.ts";
import type { InputArtifacts } from "./unit_failure.ts";

/** What running a unit needs of the run. */
export interface UnitScope {
  readonly run: RunInfo;
  readonly slots: CoreSemaphore;
  readonly selection: StepSelection;
  /** Kept outputs; undefined for a run that keeps nothing. */
  readonly cache?: StepCache;
  /** What was decided before the run, by {@link unitName}. */
  readonly planned: ReadonlyMap<string, CacheDecision>;
  /** Keeps apart what writes one path; where there is a cache. */
  readonly written?: WrittenPaths;
  /** What ends it before its time, and what has failed. */
  readonly stops: Stops;
  readonly emit: (event: Untimed) => void;
  /** Seconds since the run started. */
  readonly elapsed: () => number;
}

/** A unit with its work. */
export interface UnitWork {
  readonly node: WorkNode;
  readonly item?: Item;
  /** Digests of the inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly artifacts: InputArtifacts;
  readonly work: (context: StepContext) => unknown;
  /** What of the code and files that the unit reads was changed since it was decided. */
  readonly moved?: () => Promise<string | undefined>;
  /** Told before the unit is run or taken from the cache. */
  readonly onStart?: (cached: boolean) => void;
}

/** How a unit came out: kept under a digest, or as a value. */
export interface UnitOutput {
  readonly cached: boolean;
  readonly digest?: string;
  readonly value?: unknown;
}
