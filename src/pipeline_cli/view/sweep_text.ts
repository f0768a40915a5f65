/** Sweeps as text. */

import type { SweptPoint } from "../../run_events/mod.ts";
import { valueAsText } from "../../pipeline/mod.ts";
import { type PointPlan, type SweepResult } from "../../sweeps/mod.ts";
import { planText } from "./plan_text.ts";
import { duration, fittedTable, metricText } from "../../terminal/mod.ts";
import { pointText } from "./event_lines.ts";

/** By which metric combinations are compared. */
export interface SortOrder {
  readonly metric: string;
  /** Whether low is good. */
  readonly ascending: boolean;
}

/** The plan of each combination under a line that says what varies. */
export function sweepPlanText(plans: readonly PointPlan[]): string {
  const count = plans.length;
  return plans.map((plan, index) =>
    `${pointText({ params: plan.params, index, count })}\n${planText(plan)}`
  ).join("\n");
}

/**
 * A line for each combination: what varies, what its steps recorded, how it ended.
 * With an order the best comes first and is marked.
 *
 * @param columns Width of the terminal; metrics that do not fit are left out.
 */
export function sweepText(
  { sweep, points }: SweepResult,
  order?: SortOrder,
  columns = Infinity,
): string {
  const metrics = metricNames(points);
  const shown = order
    ? [order.metric, ...metrics.filter((name) => name !== order.metric)]
    : metrics;
  const sorted = order ? inOrder(points, order) : points;
  const best = order && sorted[0]?.metrics[order.metric] !== undefined ? sorted[0] : undefined;
  const params = Object.keys(points[0]?.params ?? {});
  const heads = [...params, ...shown, "TIME", "STATUS", "RUN"];
  const rows = sorted.map((point) => [
    ...best ? [point === best ? "*" : ""] : [],
    ...params.map((name) => valueAsText(point.params[name])),
    ...shown.map((name) => name in point.metrics ? metricText(point.metrics[name]) : "-"),
    point.seconds === undefined ? "-" : duration(point.seconds),
    point.status,
    point.run ?? "-",
  ]);
  const spare = order ? shown.slice(1) : shown;
  const flexible = { cut: [], leaveOut: [...spare.toReversed(), "RUN"] };
  return `sweep ${sweep}\n${
    fittedTable([[...best ? [""] : [], ...heads], ...rows], columns, flexible)
  }`;
}

/** Names of all metrics; where whole steps have some, those of single items are left to `show`. */
function metricNames(points: readonly SweptPoint[]): string[] {
  const all = [...new Set(points.flatMap(({ metrics }) => Object.keys(metrics)))];
  const whole = all.filter((name) => !name.endsWith("]"));
  return whole.length > 0 ? whole : all;
}

/** The best first; those without the metric last. */
function inOrder(points: readonly SweptPoint[], { metric, ascending }: SortOrder): SweptPoint[] {
  const worst = ascending ? Infinity : -Infinity;
  const value = ({ metrics }: SweptPoint) => metrics[metric] ?? worst;
  return points.toSorted((a, b) => {
    const [x, y] = ascending ? [value(a), value(b)] : [value(b), value(a)];
    return x === y ? 0 : x < y ? -1 : 1;
  });
}
