/** Brings what is known of customers to where servers read it, from where it was left. */

import { pipeline } from "../src/pipeline/mod.ts";
import { materialiseParams, materialiseSteps } from "../src/training/mod.ts";
import { joins } from "./repayment/views.ts";

export default pipeline("repayment_features", {
  description: "Materialise the features of customers for serving",
  params: materialiseParams,
}, (builder) => void materialiseSteps(builder, joins));
