/** The combinations of parameters that a sweep runs. */

import { UsageError } from "../base/mod.ts";
import { coerceParams, isListParam, type ParamsSchema } from "../pipeline/mod.ts";

/** The values of each parameter that varies. */
export type SweepGrid = Readonly<Record<string, readonly unknown[]>>;

/**
 * Every combination of the values, the last parameter changing fastest.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(gridPoints({ rounds: [50, 100], seed: [1, 2] }), [
 *   { rounds: 50, seed: 1 }, { rounds: 50, seed: 2 },
 *   { rounds: 100, seed: 1 }, { rounds: 100, seed: 2 },
 * ]);
 * ```
 */
export function gridPoints(grid: SweepGrid): Record<string, unknown>[] {
  return Object.entries(grid).reduce<Record<string, unknown>[]>(
    (points, [name, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

/**
 * Reads `name=a,b` texts of the command line; the values of a list are separated by
 * semicolons, as in `people=Ada,Alan;Grace`.
 *
 * @throws {UsageError} for a parameter without values, with one twice, or swept twice.
 */
export function readGrid(
  schema: ParamsSchema<unknown>,
  sweeps: readonly (readonly [name: string, values: string])[],
): SweepGrid {
  const grid: Record<string, readonly unknown[]> = {};
  for (const [name, text] of sweeps) {
    const separator = isListParam(schema, name) ? ";" : ",";
    const texts = text.split(separator).map((value) => value.trim());
    const twice = texts.find((value, index) => texts.indexOf(value) < index);
    const fault = name in grid
      ? "it is swept twice"
      : text.trim() === ""
      ? "it has no values"
      : twice !== undefined
      ? `the value ${twice === "" ? '""' : twice} is given twice`
      : undefined;
    if (fault !== undefined) {
      throw new UsageError(`Cannot sweep the parameter "${name}": ${fault}`, {
        next: `write it --sweep ${name}=${separator === "," ? "a,b" : "a,b;c"}`,
      });
    }
    grid[name] = texts.map((value) => coerceParams(schema, { [name]: value })[name]);
  }
  return grid;
}
