/** Bodies that are checked by a schema. */

import type { z } from "zod";
import { mostFaults, Problem } from "./problem.ts";

/**
 * The body as the schema reads it.
 *
 * @param refusal What cannot be done, as `Cannot load a model`.
 * @throws {Problem} naming every field that is wrong, 422 if no other status is given.
 */
export function validBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
  refusal: string,
  status = 422,
): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Problem(status, `${refusal}: the request is not valid`, {
    errors: parsed.error.issues.slice(0, mostFaults).map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(""),
      detail: message,
    })),
  });
}
