/**
 * Looks at the server's prediction log: takes in what is new since the last look, judges it, writes
 * alerts and tells of them.
 */

import { monitorParams, monitorSteps } from "../src/monitoring/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";

export default pipeline("monitor", {
  description: "Watch the models that a server runs, and raise alerts",
  params: monitorParams,
  schedule: "*/5 * * * *",
  // The log grows while nobody looks.
  cache: false,
}, (builder) => monitorSteps(builder));
