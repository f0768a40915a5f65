/**
 * Has the data changed? Compares current rows (the server's prediction log, or a
 * file) with a reference (the model's training data, or a file), column by column.
 */

import { driftParams, driftSteps } from "../src/monitoring/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";

export default pipeline("drift", {
  description: "Compare current data with the model's training data or another file",
  params: driftParams,
  // The log grows while nobody looks: what was found an hour ago is not what is there now.
  cache: false,
}, (builder) => driftSteps(builder).outcome);
