/** Lists of records in a body. */

import { Problem } from "../http/problem.ts";

/**
 * The records of `{"records": […]}`.
 *
 * @param most How many there may be.
 * @param verb What cannot be done, as `predict`.
 * @throws {Problem} 422 if there are none, 413 if there are too many.
 */
export function recordsOf(body: unknown, most: number, verb: string): readonly unknown[] {
  const fields = typeof body === "object" && body !== null ? Object.keys(body) : [];
  const records = fields.length === 1 && (body as Record<string, unknown>).records;
  if (!Array.isArray(records) || records.length === 0) {
    throw new Problem(422, `Cannot ${verb}: the body is no list of records`, {
      errors: [{ pointer: "", detail: 'wanted {"records": [{…}, …]} with one record or more' }],
    });
  }
  checkCount(records.length, most, verb);
  return records;
}

/** @throws {Problem} 413 if there are too many records. */
export function checkCount(count: number, most: number, verb: string): void {
  if (count <= most) return;
  throw new Problem(413, `Cannot ${verb} ${count} records at once: wanted at most ${most}`);
}
