/** Which run it is, and where it stands in a sweep. */

/** Which run this is; for names and reports, never for results that are to be repeatable. */
export interface RunInfo {
  /** Name of the run, as `train_20260131_093000_1f3a`. */
  readonly id: string;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** When the run started. */
  readonly startedAt: Date;
  /** How many cores the run may use. */
  readonly jobs: number;
  /** Where it stands in a sweep, if it is part of one. */
  readonly sweep?: SweepPoint;
  /**
   * The run that it carries out one step of, where an orchestrator runs each step by itself, maybe on
   * several machines.
   */
  readonly partOf?: string;
}

/** One combination of parameters of a sweep, which runs them one after the other. */
export interface SweepPoint {
  /** Name of the sweep, the same for all its runs. */
  readonly id: string;
  /** Which combination it is, from 0. */
  readonly index: number;
  /** How many combinations there are. */
  readonly count: number;
  /** The parameters that vary, with their values here. */
  readonly params: Readonly<Record<string, unknown>>;
}
