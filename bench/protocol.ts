/** The one JSON line that each side of a benchmark prints. */

import { UserError } from "../src/base/mod.ts";

/** What one process measured. */
export interface Measurement {
  /** Median wall time of the work alone. */
  readonly seconds: number;
  /** Peak memory of the process up to the end of the first repetition; null if it is unknown. */
  readonly megabytes: number | null;
  /** How good the result is; null if there is no such number. */
  readonly quality: number | null;
}

/**
 * Reads the last line of what a side printed; libraries may print above it.
 *
 * @throws {UserError} if it is not a measurement; the message shows the line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const printed = 'warming up\n{"seconds": 0.5, "megabytes": null, "quality": 0.7}\n';
 * assertEquals(parseMeasurement(printed).seconds, 0.5);
 * ```
 */
export function parseMeasurement(printed: string): Measurement {
  const line = printed.trimEnd().split("\n").at(-1)!;
  let found: Partial<Measurement> | null = null;
  try {
    found = JSON.parse(line);
  } catch {
    // Not JSON: refused below like JSON of another form.
  }
  const { seconds, megabytes, quality } = found ?? {};
  const orNull = (value: unknown) => value === null || Number.isFinite(value);
  if (!(Number.isFinite(seconds) && seconds! > 0 && orNull(megabytes) && orNull(quality))) {
    throw new UserError(`Cannot read a measurement from "${line.slice(0, 200)}"`, {
      next: 'print {"seconds": above 0, "megabytes": number or null, "quality": number or null} ' +
        "as the last line",
    });
  }
  return { seconds: seconds!, megabytes: megabytes!, quality: quality! };
}
