/** The tasks that training chooses by itself. */

import { UsageError } from "../../base/mod.ts";
import type { FeatureSet } from "../../features/mod.ts";
import { binary } from "./binary.ts";
import type { TrainingTask } from "./contract.ts";
import { multiclass } from "./multiclass.ts";
import { regression } from "./regression.ts";
import { spanFinding } from "./spans.ts";

const tasks: readonly TrainingTask[] = [binary, multiclass, regression, spanFinding];

/** The task that predicts the target of a feature set. */
export function taskOf({ target }: FeatureSet): TrainingTask {
  const found = tasks.find((task) => task.fits(target));
  if (found !== undefined) return found;
  throw new UsageError(`Cannot tell how to predict "${target.column}"`, {
    next: "declare classes, a value or spans, or name the task",
  });
}
