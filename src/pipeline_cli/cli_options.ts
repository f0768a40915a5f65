/** What the command line needs of the process around it. */

import type { Starter } from "./new_pipeline.ts";
import type { RunEvent } from "../run_events/mod.ts";
import type { Sink } from "../terminal/mod.ts";

/** What the command line needs of the process around it. */
export interface PipelineCliOptions {
  /** Folder of the pipeline files. */
  readonly folder: string;
  /** Standard output: results, lists, JSON events. */
  readonly stdout: Sink;
  /** Standard error: progress, warnings, errors. */
  readonly stderr: Sink;
  /** Folder where outputs and the history are kept. */
  readonly home: string;
  /** The project's folder. */
  readonly root: string;
  /** Interrupts a run. */
  readonly signal?: AbortSignal;
  /** Hears of each event of a run too, beside what is shown. */
  readonly hear?: (event: RunEvent) => void;
  /** Starts pipelines from data, which takes more than this room knows. */
  readonly starter?: Starter;
}
