/**
 * What will a user spend? Transactions are added up by user, category and month; each series gets
 * the method that would have been nearest in its past, with intervals by how far off it was.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { forecasting, forecastParams } from "../src/forecasting/mod.ts";
import { spendingSeries } from "./spending/columns.ts";
import { makeSpending, spendingPath } from "./spending/generate.ts";

export default pipeline("spending", {
  description: "Forecast what users will spend, by category and month",
  params: forecastParams({
    max_mase: z.number().gt(0).default(1).describe("Greatest MASE to be published"),
    min_coverage: z.number().min(0).max(0.8).default(0.7)
      .describe("Least share of values within the 80 % intervals to be published"),
  }, {
    data: spendingPath,
    about: "CSV or Parquet file of transactions, or of months; the default one is generated " +
      "where it is missing",
    experiment: "spending_experiment",
  }),
}, (builder) => {
  const { params } = builder;
  forecasting(builder, {
    name: "spending",
    run: "spending",
    series: spendingSeries,
    data: makeSpending(params.data),
    history: "step",
    gates: ({ max_mase: max, min_coverage: min }) => ({
      mase: { max },
      coverage_80: { min },
    }),
  });
});
