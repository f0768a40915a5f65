/** What goes to a step that runs in a thread or process of its own, and what comes back. */

import type { PackedError } from "../../base/mod.ts";
import type { RunInfo, Unit } from "../../run_events/mod.ts";
import type { Encoded } from "../../artifact_store/mod.ts";
import type { StreamName } from "../process/step_scope.ts";

/** A step or item to run: the pipeline is built again from its file. */
export interface StepRequest {
  readonly type: "run";
  /** File that exports the pipeline. */
  readonly file: string;
  readonly params: Encoded;
  readonly unit: Unit;
  /** Values of the inputs by name. */
  readonly inputs: Encoded;
  readonly run: RunInfo;
}

/** What the run sends. */
export type ToStep = StepRequest | { readonly type: "abort" };

/** What such a step sends while it works. */
export type StepMessage =
  | { readonly type: "progress"; readonly done: number; readonly label?: string }
  | { readonly type: "log" | "warn"; readonly text: string }
  | { readonly type: "metric"; readonly name: string; readonly value: number }
  | { readonly type: "forget" };

/** What the step sends. */
export type FromStep =
  | StepMessage
  | { readonly type: "output"; readonly stream: StreamName; readonly text: string }
  | { readonly type: "result"; readonly output: Encoded }
  | { readonly type: "error"; readonly error: PackedError };
