/** The body of an inference request of the Open Inference Protocol. */

import { z } from "zod";

/** What `POST /v2/models/<name>/infer` takes. */
export const inferRequest = z.object({
  id: z.string().max(128).optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(z.object({
    name: z.string(),
    shape: z.array(z.int().min(0)).min(1).max(2),
    datatype: z.string(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    data: z.array(z.unknown()).optional(),
  })).min(1),
  outputs: z.array(z.object({
    name: z.string(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  })).optional(),
});

/** A request as it was read. */
export type InferRequest = z.output<typeof inferRequest>;
