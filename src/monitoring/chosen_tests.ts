/** Statistics that a user asks for instead of the preset's. */

import { nearestName, UsageError } from "../base/mod.ts";
import {
  countStatistics,
  type DriftSample,
  numberStatistics,
  type StatisticName,
} from "../drift/mod.ts";

const statistics = { ...numberStatistics, ...countStatistics };

/**
 * Reads what is said of columns: `COLUMN:STATISTIC` for one, `STATISTIC` for all
 * others that it can judge.
 *
 * @throws {UsageError} if there is no such column or statistic, or it needs rows that are gone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const numbers = { kind: "number" as const, values: Float64Array.of(1, 2) };
 * const words = { kind: "category" as const, codes: [0, 0], vocabulary: ["a"] };
 * const side = { rows: 2, columns: { Age: numbers, Income: numbers, Job: words } };
 * assertEquals(chosenTests("Age:psi, ks", side, side), { Age: "psi", Income: "ks" });
 * ```
 */
export function chosenTests(
  text: string,
  reference: DriftSample,
  current: DriftSample,
): Readonly<Record<string, StatisticName>> {
  const names = Object.keys(reference.columns).filter((name) =>
    Object.hasOwn(current.columns, name)
  );
  const named: Record<string, StatisticName> = {};
  const general: Record<string, StatisticName> = {};
  for (const part of text.split(",").map((one) => one.trim()).filter(Boolean)) {
    const colon = part.lastIndexOf(":");
    const statistic = statisticOf(part.slice(colon + 1).trim());
    if (colon < 0) {
      const kinds: readonly string[] = statistics[statistic].kinds;
      for (const name of names) {
        if (kinds.includes(reference.columns[name].kind)) general[name] = statistic;
      }
    } else named[columnOf(part.slice(0, colon).trim(), names)] = statistic;
  }
  const chosen = { ...general, ...named };
  for (const [name, statistic] of Object.entries(chosen)) {
    const rows = [reference, current].every(({ columns }) => !("count" in columns[name]));
    if (!rows && Object.hasOwn(numberStatistics, statistic)) throw needsRows(statistic, name);
  }
  return chosen;
}

function needsRows(statistic: string, column: string): UsageError {
  return new UsageError(
    `Cannot use the statistic "${statistic}" on column "${column}": it needs the rows of both ` +
      "sides, and a model keeps statistics of its training rows only",
    {
      next: "give a file with --param reference=FILE, or choose one of " +
        Object.keys(countStatistics).join(", "),
    },
  );
}

function statisticOf(name: string): StatisticName {
  if (Object.hasOwn(statistics, name)) return name as StatisticName;
  throw new UsageError(`Cannot use the statistic "${name}": there is none of that name`, {
    next: `write COLUMN:STATISTIC or STATISTIC, with one of ${Object.keys(statistics).join(", ")}`,
  });
}

function columnOf(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const nearest = nearestName(name, names);
  throw new UsageError(`Cannot choose a statistic for column "${name}": it is not compared`, {
    next: nearest === undefined ? `name one of ${names.join(", ")}` : `did you mean "${nearest}"?`,
  });
}
