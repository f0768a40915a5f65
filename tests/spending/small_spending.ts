/** Spending that is small: two users, and parameters with which a training takes seconds. */

import { madeUpSpending } from "../../pipelines/spending/generate.ts";

/** Transactions of two users from January 2021 to April 2024. */
export const smallSpending: string = madeUpSpending({ users: 2, months: 40, seed: 3 });

/** Parameters of the pipeline. */
export const smallParams = {
  ...{ horizon: 4, origins: 2, folds: 2, max_mase: 3, min_coverage: 0.2 },
};

/** What a user spent in a category in a month, "" for all, as the transactions say. */
export function spentIn(user: string, category: string, month: string): number {
  return smallSpending.trim().split("\n").slice(1).map((line) => line.split(","))
    .filter(([who, time, , , what]) =>
      who === user && time.startsWith(month) && (category === "" || what === category)
    ).reduce((sum, [, , amount]) => sum + Number(amount), 0);
}
