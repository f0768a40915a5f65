/** What the columns of spending stand for. */

import type { SeriesSpec } from "../../src/series/mod.ts";

/** Transactions of users by category, in rupees. */
export const spendingSeries: SeriesSpec = {
  entity: "user",
  time: "time",
  amount: "amount",
  category: "category",
  currency: { column: "currency", is: "INR" },
};
