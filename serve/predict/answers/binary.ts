/** One of two classes: a threshold is about the one that is looked for. */

import { classTask } from "./classes.ts";
import type { TaskAnswers } from "./contract.ts";

/** Models of two classes. */
export const binaryAnswers: TaskAnswers = classTask(({ task }) =>
  task.kind === "binary" ? task.positive : undefined
);
