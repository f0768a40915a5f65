/** What every request is known by, in its answer, in logs and in the prediction log. */

import { Problem } from "./problem.ts";

const allowed = /^[\w.:/+=@-]{1,128}$/;

const process = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
let count = 0;

/**
 * The id that the caller gave, or a new one: a random part of this process and
 * a number, for one random number per request takes longer than a prediction's
 * share of a batch.
 *
 * @throws {Problem} 400 where the given one has other letters than ids have.
 */
export function requestId(headers: Headers): string {
  const given = headers.get("x-request-id");
  if (given === null) return `${process}-${(count++).toString(36)}`;
  if (allowed.test(given)) return given;
  throw new Problem(
    400,
    "X-Request-Id may have 1 to 128 letters, digits and . _ : / + = @ -",
  );
}
