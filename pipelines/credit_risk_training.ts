/** The model of credit risk from its rows to its champion, on Saturdays at three. */

import { lifecycle, stageParams } from "../src/lifecycle/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { trainingParams } from "../src/training/mod.ts";
import { riskDefaults, riskParams, riskTraining } from "./credit_risk.ts";

export default pipeline("credit_risk_training", {
  description: "Train, check, register and promote the model of credit risk",
  params: trainingParams({ ...riskParams, ...stageParams }, riskDefaults),
  schedule: { cron: "0 3 * * 6", timeZone: "UTC", missed: "run-once" },
}, (builder) => {
  lifecycle(builder, "credit-risk", (additions) => riskTraining(builder, additions));
});
