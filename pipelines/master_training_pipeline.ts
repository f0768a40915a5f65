/** The credit-score model from its rows to its champion, on Mondays at one. */

import { lifecycle, stageParams } from "../src/lifecycle/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { trainingParams } from "../src/training/mod.ts";
import { creditDefaults, creditParams, creditTraining } from "./train.ts";

export default pipeline("master_training_pipeline", {
  description: "Train, check, register and promote the credit-score model",
  params: trainingParams({ ...creditParams, ...stageParams }, creditDefaults),
  schedule: { cron: "0 1 * * 1", timeZone: "UTC", missed: "run-once" },
}, (builder) => {
  lifecycle(builder, "credit-score", (additions) => creditTraining(builder, additions));
});
