/** A training, as it is told. */

/** How a job is. */
export type JobStatus = "running" | "succeeded" | "failed" | "cancelled";

/** A training, as `GET /train/:job` tells it. */
export interface TrainJob {
  readonly id: string;
  readonly status: JobStatus;
  /** The pipeline that runs. */
  readonly pipeline: string;
  /** What it was given, over its own defaults. */
  readonly params: Readonly<Record<string, string>>;
  readonly started_at: string;
  readonly finished_at: string | null;
  /** Share that is done, 0 to 1. */
  readonly progress: number;
  /** What is under way. */
  readonly steps: readonly { readonly name: string; readonly status: string }[];
  /** Numbers that its steps recorded. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly error: string | null;
}
