/**
 * Trains a model again where drift or labels ask for it, on the old and the newly labelled rows, and
 * lets the new one be tried, or answer, if it is better.
 */

import { pipeline } from "../src/pipeline/mod.ts";
import { retrainParams, retrainSteps } from "../src/retraining/mod.ts";
import { zonedPattern } from "../src/timetable/mod.ts";

export default pipeline("retrain", {
  description: "Train a model again where drift or labels ask for it",
  params: retrainParams,
  schedule: zonedPattern(Deno.env.get("RETRAIN_SCHEDULE")),
  // What the log and the models are like is seen by the run alone.
  cache: false,
}, (builder) => retrainSteps(builder));
