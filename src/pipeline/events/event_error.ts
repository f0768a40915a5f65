/** Errors as events carry them. */

import { type PackedError, packError } from "../../base/mod.ts";
import type { EventError } from "./events.ts";

/** An error as an event carries it. */
export function eventError(thrown: unknown): EventError {
  return withoutGaps(packError(thrown));
}

function withoutGaps({ name, message, next, stack, cause, errors }: PackedError): EventError {
  return {
    name,
    message,
    ...next !== undefined && { next },
    ...stack !== undefined && { stack },
    ...cause && { cause: withoutGaps(cause) },
    ...errors && { errors: errors.map(withoutGaps) },
  };
}
