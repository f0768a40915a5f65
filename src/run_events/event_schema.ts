/** The schema of the events that `--json` prints. */

import { z } from "zod";
import type { EventError } from "../base/mod.ts";
import type { RunEvent } from "./events.ts";
import type { ValueSchema } from "./value_schema.ts";

const unit = { at: z.iso.datetime(), step: z.string(), item: z.string().optional() };
const error: z.ZodType<EventError> = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    message: z.string(),
    next: z.string().optional(),
    stack: z.string().optional(),
    cause: error.optional(),
    errors: z.array(error).optional(),
  })
);

/** The schema of a line of `--json`. */
export const runEventSchema: ValueSchema<RunEvent> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run_started"),
    at: z.iso.datetime(),
    run: z.string(),
    pipeline: z.string(),
    params: z.record(z.string(), z.unknown()),
    given: z.record(z.string(), z.unknown()).optional(),
    changed: z.array(z.string()).optional(),
    partial: z.string().optional(),
    partOf: z.string().optional(),
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
  z.strictObject({
    type: z.literal("step_retried"),
    ...unit,
    attempt: z.int().min(1),
    error,
    delay: z.number().min(0).optional(),
  }),
  z.strictObject({
    type: z.literal("output"),
    ...unit,
    stream: z.enum(["stdout", "stderr"]),
    text: z.string(),
  }),
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
    type: z.literal("error"),
    at: z.iso.datetime(),
    error,
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
