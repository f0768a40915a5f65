/** Entities with features, as both sides read them from Redis. */

import { Random } from "../../src/base/mod.ts";
import { type EntityValues, featureView } from "../../src/feature_store/mod.ts";

/** Feast's project. */
export const project = "shop";

/** Features of each kind. */
export const spending = featureView({
  name: "spending",
  entity: { name: "customer", kind: "text" },
  features: {
    payments: "integer",
    mean_payment: "number",
    largest_payment: "number",
    channel: "text",
    late: "boolean",
  },
  source: "step",
});

/** So many of them, by a seed. */
export function entities(count: number, seed: number): EntityValues[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, at) => ({
    id: `customer-${at}`,
    time: Date.UTC(2026, 0, 1) + at,
    values: {
      payments: random.int(500),
      mean_payment: random.next() * 1000,
      largest_payment: random.next() * 10_000,
      channel: ["web", "branch", "phone"][random.int(3)],
      late: random.next() < 0.1,
    },
  }));
}
