/** What the command line needs of the process around it. */

import type { Starter } from "./new_pipeline.ts";
import type { Sink } from "../view/sink.ts";

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
  /** Starts pipelines from data, which takes more than this room knows. */
  readonly starter?: Starter;
}
