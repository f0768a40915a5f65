/** Whether the columns that the prediction log must not hold are there. */

import { nearestName, UsageError } from "../../src/base/mod.ts";
import { parseRedaction } from "../../src/prediction_log/mod.ts";

/**
 * The redacted columns that no model reads: they never reach the log.
 *
 * @param redact The setting.
 * @param columns What the models read.
 * @throws {UsageError} if such a name is nearly that of a column, which
 * would be logged as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(neverRead(["Age", "SSN:drop"], ["Age", "Debt"]), ["SSN"]);
 * ```
 */
export function neverRead(redact: readonly string[], columns: readonly string[]): string[] {
  const names = [...parseRedaction(redact).keys()].filter((name) => !columns.includes(name));
  const redacted = new Set(parseRedaction(redact).keys());
  for (const name of names) {
    const near = nearestName(name, columns.filter((column) => !redacted.has(column)));
    if (near === undefined) continue;
    throw new UsageError(`Cannot redact "${name}": no model reads such a column`, {
      next: `write "${near}", or leave it out`,
    });
  }
  return names;
}
