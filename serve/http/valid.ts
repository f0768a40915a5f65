/** Bodies that are checked by a schema. */

import type { z } from "zod";
import { Problem } from "./problem.ts";

/**
 * The body as the schema reads it.
 *
 * @param refusal What cannot be done, as `Cannot load a model`.
 * @throws {Problem} 422 naming every field that is wrong.
 */
export function validBody<T>(schema: z.ZodType<T>, body: unknown, refusal: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Problem(422, `${refusal}: the request is not valid`, {
    errors: parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(""),
      detail: message,
    })),
  });
}
