/** One training: its process, what it tells, and how it ended. */

import { setPriority } from "node:os";
import { eachLine } from "../../src/base/mod.ts";
import { type RunEvent, runEventSchema } from "../../src/run_events/mod.ts";
import { JobProgress } from "./progress.ts";

/** Last lines of standard error that are kept. */
const LAST_LINES = 20;

/** How a training ended. */
export interface Ending {
  readonly status: "succeeded" | "failed" | "cancelled";
  /** Why it failed. */
  readonly error: string | null;
}

/** A training under way. */
export class TrainingProcess {
  /** How far it is. */
  readonly progress: JobProgress = new JobProgress();
  /** How it ended, once it has. */
  readonly ending: Promise<Ending>;
  readonly #child: Deno.ChildProcess;
  #stopped = false;

  /**
   * Starts it; both outputs of the command are piped.
   *
   * @param niceness From 0 to 19: how far it gives way to others, as to requests.
   */
  constructor(command: Deno.Command, niceness = 0) {
    this.#child = command.spawn();
    if (niceness > 0) setPriority(this.#child.pid, niceness);
    this.ending = this.#follow();
  }

  /** Asks it to stop, and ends it if it has not after some milliseconds. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    this.#kill("SIGTERM");
    const timer = setTimeout(() => this.#kill("SIGKILL"), patienceMs);
    await this.ending;
    clearTimeout(timer);
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #follow(): Promise<Ending> {
    const { stdout, stderr, status } = this.#child;
    const errors: string[] = [];
    const hearEvents = async () => {
      await eachLine(stdout, (line) => {
        const event = eventOf(line);
        if (event !== undefined) this.progress.hear(event);
      });
    };
    const hearErrors = async () => {
      await eachLine(stderr, (line) => {
        errors.push(line);
        if (errors.length > LAST_LINES) errors.shift();
      });
    };
    const [{ code }] = await Promise.all([status, hearEvents(), hearErrors()]);
    if (code === 0) return { status: "succeeded", error: null };
    if (this.#stopped || code === 130) return { status: "cancelled", error: null };
    const error = this.progress.error ?? (errors.join("\n") || `It ended with exit code ${code}`);
    return { status: "failed", error };
  }
}

/** The event in a line, undefined if a step printed something else. */
function eventOf(line: string): RunEvent | undefined {
  try {
    const checked = runEventSchema.safeParse(JSON.parse(line));
    return checked.success ? checked.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
