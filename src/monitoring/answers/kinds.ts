/** Which kind of answers a model's task has: the only place that lists them all. */

import type { ModelTask } from "../../registry/mod.ts";
import type { AnswerKind } from "./contract.ts";
import { scoreAnswers } from "./score_answers.ts";
import { classAnswers } from "./class_answers.ts";
import { forecastAnswers } from "./forecast_answers.ts";
import { numberAnswers } from "./number_answers.ts";
import { spanAnswers } from "./span_answers.ts";

const kinds: Readonly<Record<ModelTask["kind"], AnswerKind>> = {
  binary: classAnswers,
  multiclass: classAnswers,
  regression: numberAnswers,
  spans: spanAnswers,
  anomaly: scoreAnswers,
  forecast: forecastAnswers,
};

/** That of a task; of one that this version does not know, only the columns are watched. */
export function answerKindOf({ kind }: ModelTask): AnswerKind | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}
