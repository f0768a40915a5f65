/** Every kind of task that is served: the only place that lists them. */

import { ModelError } from "../../../src/base/mod.ts";
import type { ModelTask } from "../../../src/registry/mod.ts";
import { detectorAnswers } from "./anomaly.ts";
import { binaryAnswers } from "./binary.ts";
import type { TaskAnswers } from "./contract.ts";
import { seriesAnswers } from "./forecast.ts";
import { multiclassAnswers } from "./multiclass.ts";
import { regressionAnswers } from "./regression.ts";
import { spansAnswers } from "./spans.ts";

/** A kind of task. */
export type TaskKind = ModelTask["kind"];

/** What the server does for each of them. */
export const tasks: Readonly<Record<TaskKind, TaskAnswers>> = {
  binary: binaryAnswers,
  multiclass: multiclassAnswers,
  regression: regressionAnswers,
  spans: spansAnswers,
  anomaly: detectorAnswers,
  forecast: seriesAnswers,
};

/**
 * What the server does for a task as metadata tell it.
 *
 * @throws {ModelError} if this version does not know its kind.
 */
export function answersOf({ kind }: Pick<ModelTask, "kind">): TaskAnswers {
  if (Object.hasOwn(tasks, kind)) return tasks[kind];
  throw new ModelError(
    `Cannot serve a model of the task "${kind}": wanted ${Object.keys(tasks).join(", ")}`,
    { next: "serve it with the version that trained it" },
  );
}
