/** What declarations of routes are made of. */

import { type RouteConfig, z } from "@hono/zod-openapi";
import { problemSchema, v2ErrorSchema } from "./schemas.ts";

/** A schema, or a reference to one. */
export type Schema = z.ZodType | { readonly $ref: string } | Readonly<Record<string, unknown>>;

const refusals: Readonly<Record<number, string>> = {
  400: "Malformed",
  401: "The key is missing or wrong",
  403: "Nobody may do that",
  404: "There is no such model or path",
  405: "Not for this method",
  408: "The body came too slowly",
  409: "Cannot be done now",
  413: "Too large",
  415: "Not declared as JSON",
  422: "Not valid; every wrong field is named",
  429: "Too many requests; Retry-After tells when to try again",
  503: "Not ready",
  504: "Took too long",
};

/** Statuses with which work can be refused. */
export const work: readonly number[] = [400, 401, 408, 413, 415, 422, 429, 503, 504];

/** A body or an answer of JSON. */
export function jsonContent(schema: Schema): { "application/json": { schema: z.ZodType } } {
  return { "application/json": { schema: schema as z.ZodType } };
}

/** Answers of a route: what it gives, and the problems it can refuse with. */
export function answers(
  schema: Schema,
  statuses: readonly number[] = [400],
): RouteConfig["responses"] {
  const problem = { "application/problem+json": { schema: problemSchema } };
  return {
    200: { description: "Done", content: jsonContent(schema) },
    ...Object.fromEntries(
      statuses.map((status) => [status, { description: refusals[status], content: problem }]),
    ),
  };
}

/** Answers of a route of the Open Inference Protocol. */
export function v2Answers(
  schema: Schema,
  statuses: readonly number[] = [400],
): RouteConfig["responses"] {
  const error = jsonContent(v2ErrorSchema);
  return {
    200: { description: "Done", content: jsonContent(schema) },
    ...Object.fromEntries(
      statuses.map((status) => [status, { description: refusals[status], content: error }]),
    ),
  };
}
