/** What happens in a run, as data: the terminal, plain lines, JSON and the history read these. */

import { z } from "zod";
import type { SweepPoint } from "./definition.ts";
import type { ValueSchema } from "./schema.ts";

/** How a run ended: `cancelled` by an interrupt, `failed` by a step's error. */
export type RunStatus = "succeeded" | "failed" | "cancelled";

/** How a step, or one item of a fan-out, ended. */
export type StepStatus = "ran" | "cached" | "failed" | "cancelled";

/** Which step an event is about, and which item where the step is a fan-out. */
export interface Unit {
  /** Name of the step. */
  readonly step: string;
  /** Key of the item within a fan-out. */
  readonly item?: string;
}

/** An error as an event carries it. */
export interface EventError {
  /** Class of the error. */
  readonly name: string;
  /** What went wrong. */
  readonly message: string;
  /** What the user can do next. */
  readonly next?: string;
  /** Where it was thrown, for those who ask. */
  readonly stack?: string;
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
      /** The parameters whose values are not their defaults. */
      readonly changed?: readonly string[];
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

const unit = { at: z.iso.datetime(), step: z.string(), item: z.string().optional() };
const error = z.strictObject({
  name: z.string(),
  message: z.string(),
  next: z.string().optional(),
  stack: z.string().optional(),
});

/** The schema of a line of `--json`. */
export const runEventSchema: ValueSchema<RunEvent> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run_started"),
    at: z.iso.datetime(),
    run: z.string(),
    pipeline: z.string(),
    params: z.record(z.string(), z.unknown()),
    changed: z.array(z.string()).optional(),
    sweep: z.strictObject({
      id: z.string(),
      index: z.int().min(0),
      count: z.int().min(1),
      params: z.record(z.string(), z.unknown()),
    }).optional(),
    steps: z.array(z.strictObject({ name: z.string(), items: z.int().optional() })),
  }),
  z.strictObject({
    type: z.literal("step_started"),
    ...unit,
    attempt: z.int().min(1),
    reasons: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal("step_progress"),
    ...unit,
    done: z.number().min(0).max(1),
    label: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("step_finished"),
    ...unit,
    status: z.enum(["ran", "cached", "failed", "cancelled"]),
    seconds: z.number().min(0),
    error: error.optional(),
    artifact: z.strictObject({ digest: z.string(), bytes: z.int() }).optional(),
    fingerprint: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("step_retried"), ...unit, attempt: z.int().min(1), error }),
  z.strictObject({ type: z.literal("log"), ...unit, text: z.string() }),
  z.strictObject({ type: z.literal("warning"), ...unit, text: z.string() }),
  z.strictObject({
    type: z.literal("metric"),
    ...unit,
    name: z.string(),
    value: z.number(),
  }),
  z.strictObject({
    type: z.literal("run_finished"),
    at: z.iso.datetime(),
    run: z.string(),
    status: z.enum(["succeeded", "failed", "cancelled"]),
    seconds: z.number().min(0),
    exitCode: z.int(),
  }),
  z.strictObject({
    type: z.literal("sweep_finished"),
    at: z.iso.datetime(),
    sweep: z.string(),
    points: z.array(z.strictObject({
      params: z.record(z.string(), z.unknown()),
      status: z.enum(["succeeded", "failed", "cancelled", "not run"]),
      run: z.string().optional(),
      seconds: z.number().min(0).optional(),
      metrics: z.record(z.string(), z.number()),
    })),
    exitCode: z.int(),
  }),
]);
