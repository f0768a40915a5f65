/** What a step gets to work with, and how it is run and kept. */

import type { StepPermissions } from "./permissions.ts";
import type { RunInfo, ValueSchema } from "../../run_events/mod.ts";

/** What a running step can do beside its work. */
export interface StepContext {
  /**
   * Aborted when the run is interrupted, the step's time is up, or another step failed; the items
   * of a fan-out that are under way then come to their end.
   */
  readonly signal: AbortSignal;
  /** The run that the step belongs to. */
  readonly run: RunInfo;
  /** Tells how much is done, a share in [0, 1], and what is under way. */
  progress(done: number, label?: string): void;
  /** Writes a result line for the user. */
  log(text: string): void;
  /** Writes a warning for the user. */
  warn(text: string): void;
  /** Records a finite number of the run, kept with its history. */
  metric(name: string, value: number): void;
  /**
   * Says that this output is for this run alone, as if there was no time for the work: what
   * needs it goes on, and the next run makes it again.
   */
  forget(): void;
}

/** How long a failed step waits before it is tried again; an interrupt ends the wait. */
export interface RetryDelay {
  /** Seconds before the first retry. */
  readonly seconds: number;
  /** By how much each further wait is longer; 2 by default. */
  readonly factor?: number;
  /** The longest wait in seconds; 300 by default, or `seconds` if that is more. */
  readonly longest?: number;
  /**
   * Share in [0, 1] by which a wait is longer or shorter, so that what failed together does not
   * come back together; 0.1 by default. The same for a step each time: its name is the seed.
   */
  readonly jitter?: number;
}

/** How one step is run and kept. */
export interface StepOptions<T> {
  /** What the step does, one clause. */
  readonly description?: string;
  /** Checks the output if it is made. */
  readonly output?: ValueSchema<T>;
  /** How often a failed step is tried again; 0 by default. */
  readonly retries?: number;
  /** Seconds before the first retry, doubled for each further, or more to say; 0 by default. */
  readonly retryDelay?: number | RetryDelay;
  /**
   * Seconds after which a try is stopped and counts as failed; none by default. From
   * the command line such a step runs in a thread of its own, which is ended whatever
   * it does; one that takes a resource is told by its signal only.
   */
  readonly timeout?: number;
  /** `false` runs the step every time. */
  readonly cache?: boolean;
  /**
   * Isolates the step: it runs in a process of its own that may do only this. What it
   * does beside it fails with an error that names it. Such a step takes no resource; its
   * inputs and output cross as they are kept. Loading its file is part of it, so what the
   * file's modules do when they are loaded must be declared as well.
   */
  readonly permissions?: StepPermissions;
  /**
   * `true` if the output depends on the operating system and the processor, as that of
   * native code may: one that was kept on another kind of machine is not taken.
   */
  readonly platform?: boolean;
  /**
   * `true` if the step's value is the run's {@link Outcome}, unless the pipeline returns another
   * handle: for steps that a library wires.
   */
  readonly outcome?: T extends Outcome ? boolean : never;
  /** What the step takes of the machine. */
  readonly resources?: {
    /** Cores that the step keeps busy, 1 by default; never more than the run has. */
    readonly cores?: number;
    /** Which machines of an orchestrator take it, as `gpu`; a run of one machine does not ask. */
    readonly queue?: string;
  };
}

/** How a fan-out is run and kept; each item counts as a step. */
export interface EachOptions<Item, T> extends StepOptions<T> {
  /** Names an item; by default its `name`, or the item itself where it is text or a number. */
  readonly key?: (item: Item) => string;
}

/** The value of a pipeline whose run decides the exit code of the command line. */
export interface Outcome {
  /** 0 for success; 3 and up are free for the pipeline's own meaning. */
  readonly exitCode: number;
}
