/** Brings what users have spent by now to where servers read it, so that forecasts go on from there. */

import { pipeline } from "../src/pipeline/mod.ts";
import { historyParams, historySteps } from "../src/forecasting/mod.ts";
import { spendingSeries } from "./spending/columns.ts";
import { makeSpending, spendingPath } from "./spending/generate.ts";

export default pipeline("spending_features", {
  description: "Bring what users have spent by now to the feature store",
  params: historyParams(spendingPath),
}, (builder) =>
  void historySteps(builder, {
    name: "spending",
    series: spendingSeries,
    data: makeSpending(builder.params.data),
  }));
