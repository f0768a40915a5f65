/** In what runs differ. */

import type { FoundRun } from "../tracking/mod.ts";

/** A parameter with the value of each run; undefined if a run has none. */
export interface ParamRow {
  /** Name of the parameter. */
  readonly name: string;
  /** Values, one for each run. */
  readonly values: readonly (string | undefined)[];
}

/** Parameters that runs do not agree on, by name. */
export function paramDifferences(runs: readonly FoundRun[]): readonly ParamRow[] {
  return names(runs, "params")
    .map((name) => ({ name, values: runs.map(({ params }) => params[name]) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Names of the metrics that any of the runs has, sorted. */
export function metricsOfRuns(runs: readonly FoundRun[]): readonly string[] {
  return names(runs, "metrics");
}

function names(runs: readonly FoundRun[], kind: "params" | "metrics"): string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].sort();
}

/** What each run is called if several may share a name. */
export function labels(runs: readonly FoundRun[]): readonly string[] {
  return runs.map(({ id, name }) =>
    runs.filter((other) => other.name === name).length > 1 ? `${name} ${id.slice(0, 6)}` : name
  );
}
