/** Errors as events carry them. */

import { type PackedError, packError } from "./errors.ts";

/** An error as an event carries it. */
export interface EventError {
  /** Class of the error. */
  readonly name: string;
  /** What went wrong. */
  readonly message: string;
  /** What the user can do next. */
  readonly next?: string;
  /** Where it was thrown, for those who ask. */
  readonly stack?: string;
  /** What caused it. */
  readonly cause?: EventError;
  /** The errors that it stands for, if there are several. */
  readonly errors?: readonly EventError[];
}

/** What was thrown, as an event carries it. */
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
