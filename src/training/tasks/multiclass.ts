/** One of three or more classes. */

import { UsageError } from "../../base/mod.ts";
import { isClassTarget } from "../../features/mod.ts";
import { rejection, rejectionSection } from "../sections/rejection_section.ts";
import { mistakesSection } from "../sections/mistakes_section.ts";
import { isLeastPrecision } from "../threshold.ts";
import { checkClasses, heldClasses, ofClasses, refuseWish, sectionsOfClasses } from "./classes.ts";
import type { TrainingTask } from "./contract.ts";
import { classesOf } from "./fit_classes.ts";

/** One of three or more classes. */
export const multiclass: TrainingTask = {
  ...ofClasses,
  module: import.meta.url,
  name: "multiclass",
  kind: "multiclass",
  metricTask: "multiclass",
  metrics: ["f1_macro", "accuracy", "precision_macro", "recall_macro"],
  fits: (target) => isClassTarget(target) && target.classes.length > 2,
  check(experiment, { threshold }) {
    if (isLeastPrecision(threshold)) {
      const { precision } = threshold;
      if (!(precision > 0 && precision < 1)) {
        throw new UsageError(`Cannot accept answers by a precision of ${precision}`, {
          next: "give a share above 0 and below 1, as 0.95",
        });
      }
    } else if (threshold !== undefined) refuseWish("a threshold of one class", "two classes");
    checkClasses(experiment);
  },
  conclude(experiment, heldOut, { threshold }) {
    if (!isLeastPrecision(threshold)) return { metrics: {} };
    return rejection(heldClasses(experiment, heldOut), threshold);
  },
  sections(parts) {
    const { experiment, held, conclusion } = parts;
    const own = heldClasses(experiment, held);
    return [
      ...sectionsOfClasses(parts),
      mistakesSection(own, held.rows, experiment.data, classesOf(experiment)),
      ...rejectionSection(own, conclusion),
    ];
  },
};
