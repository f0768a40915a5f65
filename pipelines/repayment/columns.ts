/** The columns of the model of repayment: two of the request, four that are stored. */

import { classes, featureSet, number, oneHot } from "../../src/features/mod.ts";

/** What the model reads. */
export const repaymentFeatures = featureSet({
  target: classes("late", ["0", "1"]),
  columns: {
    amount: number({ min: 0 }),
    purpose: oneHot(),
    payments_90d: number({ min: 0 }),
    late_90d: number({ min: 0 }),
    mean_payment: number({ min: 0 }),
    channel: oneHot(),
  },
});
