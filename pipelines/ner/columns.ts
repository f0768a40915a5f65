/** What messages about money name, and how it is known. */

import {
  type FeatureSet,
  featureSet,
  spans,
  type SpanTarget,
  tokens,
} from "../../src/features/mod.ts";

/** What spans may be. */
export const entityLabels = ["MONEY", "DATE", "CATEGORY", "MERCHANT", "ACCOUNT"] as const;

/** Names of shops that many people pay. What is in no list is known by what stands around it. */
const merchants = [
  ...["Swiggy", "Zomato", "Flipkart", "Amazon", "BigBasket", "Blinkit", "IRCTC", "Ola", "Uber"],
  ...["Myntra", "Nykaa", "BookMyShow", "Paytm", "PhonePe", "Reliance Fresh", "DMart", "Croma"],
  ...["Indian Oil", "HP Petrol Pump", "Apollo Pharmacy", "Airtel", "Jio", "Tata Power", "Netflix"],
];

/** What money is spent on. */
const categories = [
  ...["groceries", "fuel", "petrol", "rent", "electricity", "electricity bill", "food", "dining"],
  ...["travel", "shopping", "medicines", "school fees", "insurance", "EMI", "recharge", "movies"],
  ...["mutual fund", "gold loan", "home loan", "water bill", "salary", "donation"],
];

/** A message, and where in it something is named. */
export const nerFeatures: FeatureSet<SpanTarget> = featureSet({
  target: spans("entities", [...entityLabels], {
    values: { MONEY: "money", DATE: "date", ACCOUNT: "account" },
  }),
  columns: {
    text: tokens({
      description: "A message about a payment",
      spot: ["money", "date", "account"],
      lists: { merchant: merchants, category: categories },
    }),
  },
});
