/** What every request is known by, in its answer, in logs and in the prediction log. */

import { Problem } from "./problem.ts";

const allowed = /^[\w.:/+=@-]{1,128}$/;

/** 51 random bits in ten letters and digits. */
const process = crypto.getRandomValues(new BigUint64Array(1))[0].toString(36).padStart(13, "0")
  .slice(-10);
let count = 0;

/**
 * The id that the caller gave, or a new one: a random part of this process and
 * a number, for one random number per request takes longer than a prediction's
 * share of a batch.
 *
 * @throws {Problem} 400 if the given one has other letters than ids have.
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
