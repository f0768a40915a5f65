/** What the columns of a transaction stand for, and how it is described. */

import {
  classes,
  type ClassTarget,
  type FeatureSet,
  featureSet,
  number,
  type NumberSpec,
} from "../../src/features/mod.ts";
import { profileFeatures, type ProfileSpec } from "../../src/profile/mod.ts";

/** A transaction of a user. */
export const transactionProfile: ProfileSpec = {
  entity: "user",
  time: "time",
  amount: "amount",
  currency: { column: "currency", is: "INR" },
  category: "category",
  merchant: "merchant",
  place: { latitude: "latitude", longitude: "longitude" },
};

function describedColumns(): Record<string, NumberSpec> {
  return Object.fromEntries(
    Object.entries(profileFeatures(transactionProfile)).map(([name, description]) => [
      name,
      number({ missing: "keep", description }),
    ]),
  );
}

/** How a transaction differs from what its user usually does; "1" is one that review found wrong. */
export const transactionFeatures: FeatureSet<ClassTarget> = featureSet({
  target: classes("is_fraud", ["0", "1"], { positive: "1" }),
  columns: /* @__PURE__ */ describedColumns(),
});
