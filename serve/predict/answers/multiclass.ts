/** One of several classes: a threshold without a class is about the predicted one. */

import { classTask } from "./classes.ts";
import type { TaskAnswers } from "./contract.ts";

/** Models of several classes. */
export const multiclassAnswers: TaskAnswers = classTask(() => undefined);
