/** Answers as tests read them. */

import { z } from "zod";
import { classAnswer } from "../../serve/predict/answers/classes.ts";

export { classAnswer };

/** What an answer of a model of classes holds. */
export type ClassAnswer = z.output<typeof classAnswer>;

/** Many answers. */
export const classAnswers = z.object({
  request_id: z.string(),
  count: z.int(),
  predictions: z.array(classAnswer),
});

/** The probability of each class by its label, as the prediction log has it. */
export function byLabel(
  { probabilities, class_labels }: Pick<ClassAnswer, "probabilities" | "class_labels">,
): Record<string, number> {
  return Object.fromEntries(class_labels.map((label, k) => [label, probabilities[k]]));
}
