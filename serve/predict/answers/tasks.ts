/** Every kind of task that is served: the only place that lists them. */

import type { ModelTask } from "../../../src/registry/mod.ts";
import { binary } from "./binary.ts";
import type { TaskAnswers } from "./contract.ts";
import { multiclass } from "./multiclass.ts";
import { regression } from "./regression.ts";

/** A kind of task. */
export type TaskKind = ModelTask["kind"];

/** What the server does for each of them. */
export const tasks: Readonly<Record<TaskKind, TaskAnswers>> = { binary, multiclass, regression };
