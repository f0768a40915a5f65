/** What is asked of a schema; zod's schemas are such. */

/** What checking a value gives. */
export type CheckedParams<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };

/** One fault of a value. */
export interface SchemaIssue {
  /** Kind of fault. */
  readonly code?: string;
  /** Where in the value. */
  readonly path: readonly PropertyKey[];
  /** What is wrong. */
  readonly message: string;
  /** The names that a strict object does not know. */
  readonly keys?: readonly string[];
}

/** Checks a value of type `T`: any zod schema. */
export interface ValueSchema<T> {
  /** Checks a value without throwing. */
  safeParse(value: unknown): CheckedParams<T>;
}
