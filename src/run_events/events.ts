/** What happens in a run, as data: the terminal, plain lines, JSON and the history read these. */

import type { EventError } from "../base/mod.ts";
import type { SweepPoint } from "./run_info.ts";

/** How a run ended: `cancelled` by an interrupt, `failed` by a step's error. */
export type RunStatus = "succeeded" | "failed" | "cancelled";

/** How a step, or one item of a fan-out, ended. */
export type StepStatus = "ran" | "cached" | "failed" | "cancelled";

/** Which step an event is about, and which item if the step is a fan-out. */
export interface Unit {
  /** Name of the step. */
  readonly step: string;
  /** Key of the item within a fan-out. */
  readonly item?: string;
}

/** One event; `--json` prints one per line. `at` is its time in ISO 8601. */
export type RunEvent =
  & { readonly at: string }
  & (
    /** The run begins; its steps in their order, with the number of items of a fan-out. */
    | {
      readonly type: "run_started";
      readonly run: string;
      readonly pipeline: string;
      readonly params: Readonly<Record<string, unknown>>;
      /** The parameters as they were given, before defaults were filled in. */
      readonly given?: Readonly<Record<string, unknown>>;
      /** The parameters whose values are not their defaults. */
      readonly changed?: readonly string[];
      /** The step or item that the run is about, where it is not about all. */
      readonly partial?: string;
      /** The orchestrated run that it carries out a part of. */
      readonly partOf?: string;
      /** Where the run stands in a sweep. */
      readonly sweep?: SweepPoint;
      readonly steps: readonly { readonly name: string; readonly items?: number }[];
    }
    /** A step or an item begins, a fan-out with its first item. A second attempt is a retry. */
    | Unit & {
      readonly type: "step_started";
      readonly attempt: number;
      /** Why its kept output does not stand. */
      readonly reasons?: readonly string[];
    }
    /** How far a step, an item or a fan-out is, a share in [0, 1], and what is under way. */
    | Unit & { readonly type: "step_progress"; readonly done: number; readonly label?: string }
    /** A try failed and another follows. */
    | Unit & {
      readonly type: "step_retried";
      readonly attempt: number;
      readonly error: EventError;
      /** Seconds until then. */
      readonly delay?: number;
    }
    /** A step, an item or a whole fan-out ended, so many seconds after it started. */
    | Unit & {
      readonly type: "step_finished";
      readonly status: StepStatus;
      readonly seconds: number;
      readonly error?: EventError;
      /** Where its output is kept. */
      readonly artifact?: { readonly digest: string; readonly bytes: number };
      /** Digest of all that the output depends on. */
      readonly fingerprint?: string;
    }
    /** A result line of a step or a resource. */
    | Unit & { readonly type: "log"; readonly text: string }
    /** A warning of a step or a resource. */
    | Unit & { readonly type: "warning"; readonly text: string }
    /** A line that a step printed: with `console.log`, to a stream, from a child process. */
    | Unit & {
      readonly type: "output";
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
    /** A number that a step recorded. */
    | Unit & { readonly type: "metric"; readonly name: string; readonly value: number }
    /** The run ended, so many seconds after it started; what the command line exits with. */
    | {
      readonly type: "run_finished";
      readonly run: string;
      readonly status: RunStatus;
      readonly seconds: number;
      readonly exitCode: number;
    }
    /** Nothing was run: the call, a parameter or a file is wrong. */
    | { readonly type: "error"; readonly error: EventError; readonly exitCode: number }
    /** A sweep ended; its combinations in the order of their runs. */
    | {
      readonly type: "sweep_finished";
      readonly sweep: string;
      readonly points: readonly SweptPoint[];
      readonly exitCode: number;
    }
  );

/** How one combination of a sweep came out. */
export interface SweptPoint {
  /** The parameters that vary. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How its run ended; an interrupt leaves the rest out. */
  readonly status: RunStatus | "not run";
  /** Id of its run. */
  readonly run?: string;
  /** Seconds that it took. */
  readonly seconds?: number;
  /** The numbers that its steps recorded; of the same name the last, of fan-outs by item. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The event of one type. */
export type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** An event without its time, as the runner hands it to the clock. */
export type Untimed = RunEvent extends infer E ? E extends RunEvent ? Omit<E, "at"> : never : never;
