/**
 * The error classes that reach a user. Messages follow one grammar: sentence
 * case, no final period, action first, what was found, what was wanted, what
 * to do next.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new DataError(
 *   'Cannot read data/raw/train.csv: column "Age" is missing (found 27 columns)',
 *   { next: "add the column or drop it from the feature set" },
 * );
 * assertEquals(error.next, "add the column or drop it from the feature set");
 * ```
 */

/** What every expected failure carries beside its message. */
export interface UserErrorOptions extends ErrorOptions {
  /** What the user can do next, one clause in lower case without a period. */
  readonly next?: string;
}

/**
 * An expected failure that the user can act on. The command line prints its
 * message and `next` without a stack trace.
 */
export class UserError extends Error {
  /** Name of the class. */
  override name = "UserError";
  /** What the user can do next. */
  readonly next?: string;

  /** Takes the message and, optionally, the cause and the next step. */
  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options);
    this.next = options.next;
  }
}

/** Data that cannot be used as it is: a missing file, column or class. */
export class DataError extends UserError {
  /** Name of the class. */
  override name = "DataError";
}

/** A parameter, flag or setting that does not exist or has a wrong value. */
export class UsageError extends UserError {
  /** Name of the class. */
  override name = "UsageError";
}

/** A model, an export or a bundle that does not hold what it promises. */
export class ModelError extends UserError {
  /** Name of the class. */
  override name = "ModelError";
}

/** A service (a tracking server, a webhook) that refused or did not answer. */
export class ServiceError extends UserError {
  /** Name of the class. */
  override name = "ServiceError";
}

/** An error as plain data, to cross from a worker to its caller. */
export interface PackedError {
  /** Name of the class. */
  readonly name: string;
  /** What happened. */
  readonly message: string;
  /** Where it happened. */
  readonly stack?: string;
  /** What the user can do next. */
  readonly next?: string;
  /** What caused it. */
  readonly cause?: PackedError;
  /** The errors that it stands for, if there are several. */
  readonly errors?: readonly PackedError[];
}

/** How far causes of causes are followed, and how many errors of several are told. */
const DEPTH = 8;
const SEVERAL = 20;

const userErrors = { UserError, DataError, UsageError, ModelError, ServiceError };
const builtInErrors = { RangeError, SyntaxError, TypeError };

/** Turns what was thrown into plain data, its causes included. */
export function packError(thrown: unknown, depth = 0): PackedError {
  if (!(thrown instanceof Error)) return { name: "Error", message: textOf(thrown) };
  const { name, message, stack, cause } = thrown;
  const next = thrown instanceof UserError ? thrown.next : undefined;
  const several = thrown instanceof AggregateError ? thrown.errors.slice(0, SEVERAL) : [];
  const deeper = depth < DEPTH;
  return {
    name: String(name),
    message: String(message),
    stack,
    next,
    ...deeper && cause !== undefined && cause !== null && { cause: packError(cause, depth + 1) },
    ...deeper && several.length > 0 && {
      errors: several.map((error) => packError(error, depth + 1)),
    },
  };
}

/** What was thrown and is no error: text as it is, an object as JSON if that is possible. */
function textOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  try {
    const { message } = thrown as { message?: unknown };
    return typeof message === "string" ? message : JSON.stringify(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

/** Makes an error of the same class, message, stack and causes again. */
export function unpackError(packed: PackedError): Error {
  const { name, message, stack, next } = packed;
  const cause = packed.cause && { cause: unpackError(packed.cause) };
  const UserClass = userErrors[name as keyof typeof userErrors];
  const BuiltIn = builtInErrors[name as keyof typeof builtInErrors] ?? Error;
  const error = UserClass
    ? new UserClass(message, { next, ...cause })
    : packed.errors
    ? new AggregateError(packed.errors.map(unpackError), message, cause)
    : new BuiltIn(message, cause);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
