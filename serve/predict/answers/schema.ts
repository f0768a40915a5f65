/** What the answers of all tasks have in common. */

import { z } from "@hono/zod-openapi";

/** A value of a record that was not understood. */
const warning = z.object({
  column: z.string(),
  sent: z.union([z.string(), z.number()]),
  done: z.string(),
}).openapi("Warning");

/** The fields of every answer. */
export const commonFields = {
  request_id: z.string(),
  latency_ms: z.number().min(0),
  model_name: z.string(),
  model_version: z.string(),
  warnings: z.array(warning).min(1).optional().openapi({
    description: "Values that were not understood, and what was done; absent without any",
  }),
};
