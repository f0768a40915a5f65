/** Where trainings are tracked. */

import {
  chosenExperiment,
  type Experiment,
  openTracker,
  type Tracker,
} from "../../tracking/mod.ts";
import { gitCommit } from "../provenance.ts";

/** MLflow's words for how a run of the pipeline ends. */
export const endings = { succeeded: "FINISHED", failed: "FAILED", cancelled: "KILLED" } as const;

/** What the run of a training calls the model that it logs. */
export { loggedName as modelName } from "../../registry/mod.ts";

/** The parameters that name the place. */
export interface TrackingParams {
  /** Name of the MLflow experiment; the environment may choose another. */
  readonly experiment: string;
  /** Server or folder; empty for `./mlruns`. */
  readonly tracking: string;
}

/** A tracker and the experiment in it. */
export interface Tracking {
  /** Writes runs. */
  readonly tracker: Tracker;
  /** Where runs are written. */
  readonly experiment: Experiment;
}

/** Opens the place that the parameters or the environment name. */
export async function openTracking(
  { experiment, tracking }: TrackingParams,
  pipeline: string,
  warn: (text: string) => void,
): Promise<Tracking> {
  const tracker = await openTracker({
    uri: tracking,
    source: { name: `pipelines/${pipeline}.ts`, gitCommit: await gitCommit() ?? undefined },
    onWarning: warn,
  });
  return { tracker, experiment: await chosenExperiment(tracker, experiment) };
}
