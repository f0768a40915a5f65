/** Records for the tests of the prediction log. */

import type { PredictionRecord } from "../../src/prediction_log/mod.ts";

/** A record with chosen parts. */
export function recordOf(parts: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    time: "2026-11-21T10:00:00.000Z",
    request_id: "r-1",
    model_name: "Over_RandomForest",
    model_version: "20261121_101500",
    role: "champion",
    inputs: { Age: "35_", Occupation: null },
    prediction: "Good",
    probabilities: { Poor: 0.25, Good: 0.75 },
    latency_ms: 0.25,
    ...parts,
  };
}
