/** Which kind of answers a model's task has: the only place that lists them all. */

import type { ModelTask } from "../../registry/mod.ts";
import type { AnswerKind } from "./contract.ts";
import { classAnswers } from "./class_answers.ts";
import { numberAnswers } from "./number_answers.ts";

/** By the kind of the task. */
export const answerKinds: Readonly<Record<ModelTask["kind"], AnswerKind>> = {
  binary: classAnswers,
  multiclass: classAnswers,
  regression: numberAnswers,
};
