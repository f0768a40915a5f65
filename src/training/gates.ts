/** What the best must reach to be published. */

import { UsageError } from "../base/mod.ts";
import { metricNames, metricOf, type MetricTask } from "../metrics/mod.ts";
import type { MetricGate } from "./gate.ts";

/** Exit code of a run whose model missed a gate. */
export const GATE_MISSED = 3;

/** What a model was held to, and whether it reached it. */
export interface GateReport {
  /** 0 if all gates were reached, else 3. */
  readonly exitCode: number;
  /** What the figures are of, as `the test part`. */
  readonly basis: string;
  /** The gates that were missed, one clause each. */
  readonly missed: readonly string[];
  /** All of them with what was reached. */
  readonly gates: readonly ({ readonly metric: string; readonly value: number } & MetricGate)[];
}

/** Refuses gates on metrics that do not exist, or that nothing can reach. */
export function checkGates(gates: Readonly<Record<string, MetricGate>>, task: MetricTask): void {
  for (const [name, { min, max }] of Object.entries(gates)) {
    metricOf(name, task);
    const bounds = [min, max].filter((bound) => bound !== undefined);
    if (bounds.length > 0 && !bounds.some(Number.isNaN) && !(min! > max!)) continue;
    throw new UsageError(`Cannot hold ${name} to a gate without room`, {
      next: `give min, max or both, as in gates: { ${metricNames(task)[0]}: { min: 0.8 } }`,
    });
  }
}

/** Holds metrics to their gates. */
export function holdToGates(
  gates: Readonly<Record<string, MetricGate>>,
  metrics: Readonly<Record<string, number>>,
  basis: string,
): GateReport {
  const found = Object.entries(gates).map(([metric, gate]) => ({
    metric,
    value: metrics[metric] ?? NaN,
    ...gate,
  }));
  const missed = found.flatMap(({ metric, value, min = -Infinity, max = Infinity }) => {
    // Written so that NaN misses.
    if (value >= min && value <= max) return [];
    const above = value > max || min === -Infinity;
    const told = Number.isNaN(value)
      ? `${metric} cannot be told of`
      : `${metric} is ${value.toFixed(4)} on`;
    return [`${told} ${basis}, wanted ${above ? `at most ${max}` : `at least ${min}`}`];
  });
  return { exitCode: missed.length > 0 ? GATE_MISSED : 0, basis, missed, gates: found };
}

/** Both reports as one. */
export function joinGates(one: GateReport, other: GateReport): GateReport {
  const told = [one, other].filter(({ gates }) => gates.length > 0);
  return {
    exitCode: Math.max(one.exitCode, other.exitCode),
    basis: told.map(({ basis }) => basis).join(" and "),
    missed: [...one.missed, ...other.missed],
    gates: [...one.gates, ...other.gates],
  };
}
