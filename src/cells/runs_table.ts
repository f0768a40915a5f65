/** Runs beside each other. */

import type { Cell } from "../dataset/mod.ts";
import { gridView } from "./grid.ts";
import type { View } from "./view.ts";

/** What is told of a run, of a pipeline or tracked from cells. */
export interface RunSummary {
  /** Its name. */
  readonly name: string;
  /** How it stands. */
  readonly status: string;
  /** Seconds that it took. */
  readonly seconds: number;
  /** Its parameters. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Its last metrics. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * A table of runs: of the parameters those that differ, then all metrics.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * const runs = [10, 50].map((trees) => (
 *   { name: `forest_${trees}`, status: "FINISHED", seconds: 1, params: { trees }, metrics: { f1: 0.7 } }
 * ));
 * assertStringIncludes(String(table(runs)), "trees");
 * ```
 */
export function table(runs: readonly RunSummary[]): View {
  const names = (pick: (run: RunSummary) => object) => [
    ...new Set(runs.flatMap((run) => Object.keys(pick(run)))),
  ];
  const params = names(({ params }) => params).filter((name) =>
    runs.length === 1 || new Set(runs.map(({ params }) => textOf(params[name]))).size > 1
  );
  const metrics = names(({ metrics }) => metrics);
  return gridView({
    caption: `${runs.length} ${runs.length === 1 ? "run" : "runs"}`,
    head: ["Run", "Status", "Seconds", ...params, ...metrics],
    rows: runs.map((run): Cell[] => [
      run.name,
      run.status,
      Number(run.seconds.toFixed(1)),
      ...params.map((name) => textOf(run.params[name])),
      ...metrics.map((name) => run.metrics[name] ?? null),
    ]),
  });
}

function textOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
