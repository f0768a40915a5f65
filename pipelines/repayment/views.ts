/** What is known of customers, and where its history is: for training, materialisation, serving. */

import { featureView } from "../../src/feature_store/mod.ts";
import type { JoinedView } from "../../src/training/mod.ts";
import { historyPath, makeHistory } from "./generate.ts";

/** How a customer has paid lately. */
export const payments = featureView({
  name: "payments",
  description: "How a customer paid over the 90 days before",
  entity: { name: "customer", kind: "text" },
  features: {
    payments_90d: "integer",
    late_90d: "integer",
    mean_payment: "number",
    channel: "text",
  },
  ttlSeconds: 120 * 86_400,
  source: "step",
});

/** The views, each with its history. */
export const joins: readonly JoinedView[] = [
  { view: payments, history: historyPath, make: makeHistory, columns: { time: "known_at" } },
];
