/** What the command line of notebooks needs of the process around it. */

import type { Sink } from "../../terminal/mod.ts";

/** What the command line needs of the process around it. */
export interface NotebookCliOptions {
  /** The project's folder. */
  readonly root: string;
  /** Standard output: results. */
  readonly stdout: Sink;
  /** Standard error: progress and errors. */
  readonly stderr: Sink;
  /** Interrupts it. */
  readonly signal: AbortSignal;
}
