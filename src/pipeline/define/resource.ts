/** What steps share while a run lasts, and what the runs of a sweep share. */

import type { RunInfo, RunStatus, SweepPoint, SweptPoint } from "../../run_events/mod.ts";
import type { StepContext } from "./step.ts";

/** How the run ended, as a resource's `close` learns it. */
export interface RunEnd extends Pick<StepContext, "log" | "warn"> {
  /** Whether it succeeded. */
  readonly status: RunStatus;
  /** The first error of a failed run. */
  readonly error?: unknown;
}

/** How a sweep ended, as the `close` of what its runs share learns it. */
export interface SweepEnd extends Pick<StepContext, "log" | "warn"> {
  /** `failed` if a combination failed. */
  readonly status: RunStatus;
  /** The combinations in the order of their runs. */
  readonly points: readonly SweptPoint[];
}

/** What opening gets to work with. */
export type OpenContext = Pick<StepContext, "signal" | "run" | "log" | "warn">;

/** The same in a run that is part of a sweep. */
export type SweepContext = OpenContext & {
  readonly run: RunInfo & { readonly sweep: SweepPoint };
};

/**
 * Something that lives as long as the run: worker threads, a tracking run, a
 * connection. Opened when the first step needs it, not at all when none does.
 */
export interface Resource<T, Shared = undefined> {
  /**
   * What the runs of a sweep have in common: opened before the first run's own, by the
   * parameters of that run, and closed after the last run. A run alone has none.
   */
  readonly sweep?: {
    /** Makes it. */
    readonly open: (context: SweepContext) => Shared | Promise<Shared>;
    /** Ends it, however the sweep ended. */
    readonly close?: (value: Shared, end: SweepEnd) => void | Promise<void>;
  };
  /** Makes it; `shared` is what the runs of a sweep have in common. */
  readonly open: (
    context: OpenContext & { readonly shared: Shared | undefined },
  ) => T | Promise<T>;
  /** Ends it, whether the run succeeded, failed or was interrupted. */
  readonly close?: (value: T, end: RunEnd) => void | Promise<void>;
  /**
   * `false` says that no step's output depends on it, as on threads or a tracking run: its code
   * and the parameters that it mentions then leave the kept outputs of steps that take it alone.
   */
  readonly counts?: false;
}
