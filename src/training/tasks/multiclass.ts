/** One of three or more classes. */

import { isClassTarget } from "../../features/mod.ts";
import { ofClasses, refuseWish } from "./classes.ts";
import type { TrainingTask } from "./contract.ts";

/** One of three or more classes. */
export const multiclass: TrainingTask = {
  ...ofClasses,
  module: import.meta.url,
  name: "multiclass",
  kind: "multiclass",
  metricTask: "multiclass",
  metrics: ["f1_macro", "accuracy", "precision_macro", "recall_macro"],
  fits: (target) => isClassTarget(target) && target.classes.length > 2,
  check(experiment, candidates, wishes) {
    if (wishes.threshold !== undefined) refuseWish("a threshold", "two classes");
    ofClasses.check(experiment, candidates, wishes);
  },
  conclude: () => ({ metrics: {} }),
};
