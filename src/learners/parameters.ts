/** Checks of what a user sets, one wording for all learners. */

import { UsageError } from "../base/mod.ts";

/** The range that a number must be in, both ends included. */
export interface Range {
  /** Lowest value. */
  readonly min: number;
  /** Highest value. */
  readonly max: number;
  /** Whether only whole numbers will do. */
  readonly whole?: boolean;
}

/**
 * Checks each number of `params` that has a range in `ranges`.
 *
 * @throws {UsageError} naming learner, parameter, value and range.
 */
export function checkRanges<Name extends string>(
  learner: string,
  params: { readonly [name in NoInfer<Name>]: unknown },
  ranges: { readonly [name in Name]: Range },
): void {
  for (const name of Object.keys(ranges) as Name[]) {
    const { min, max, whole = false } = ranges[name];
    const value = params[name];
    const inside = typeof value === "number" && value >= min && value <= max;
    if (!inside || (whole && !Number.isInteger(value))) {
      const kind = whole ? "a whole number" : "a number";
      refuseParameter(
        learner,
        name,
        value,
        Number.isFinite(max) ? `${kind} from ${min} to ${max}` : `${kind} of ${min} or more`,
      );
    }
  }
}

/** Throws the {@link UsageError} for one parameter. */
export function refuseParameter(
  learner: string,
  name: string,
  value: unknown,
  wanted: string,
): never {
  const shown = typeof value === "string" ? `"${value}"` : String(value);
  throw new UsageError(`Cannot set ${name} of ${learner} to ${shown}`, {
    next: `give ${wanted}`,
  });
}
