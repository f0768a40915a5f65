/** The model of intents from its messages to its champion, on Sundays at two. */

import { lifecycle, stageParams } from "../src/lifecycle/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { trainingParams } from "../src/training/mod.ts";
import { intentDefaults, intentParams, intentTraining } from "./intent.ts";

export default pipeline("intent_classifier_training", {
  description: "Train, check, register and promote the model of intents",
  params: trainingParams({ ...intentParams, ...stageParams }, intentDefaults),
  schedule: { cron: "0 2 * * 0", timeZone: "UTC", missed: "run-once" },
}, (builder) => {
  lifecycle(builder, "intent", (additions) => intentTraining(builder, additions));
});
