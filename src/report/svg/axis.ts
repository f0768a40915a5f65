/** Axes: from values to pixels. */

import type { Figure } from "../figure.ts";
import { type AxisLayout, axisLayout, type AxisValue, type Trace, tracesOf } from "./plotly.ts";
import { formatted, roundTicks } from "./ticks.ts";

/** An axis of one panel. */
export interface DrawnAxis {
  /** As traces name it: `x`, `y2` … */
  readonly id: string;
  readonly layout: AxisLayout;
  /** The categories in their order; undefined on an axis of numbers. */
  readonly categories?: ReadonlyMap<string, number>;
  /** Ends of the range; of categories, from −0.5 to their number − 0.5. */
  readonly range: readonly [number, number];
}

/** A tick: where in the units of the axis, and what it says. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** All axes that the traces of a figure use, by name. */
export function axesOf(figure: Figure): Map<string, DrawnAxis> {
  const traces = tracesOf(figure);
  const ids = new Set(traces.flatMap(({ xaxis = "x", yaxis = "y" }) => [xaxis, yaxis]));
  return new Map([...ids].map((id) => [id, axisOf(figure, id, traces)]));
}

/** Where a value lies on an axis, in its units. */
export function unitsOf({ categories }: DrawnAxis, value: AxisValue): number {
  if (value === null) return NaN;
  return categories === undefined ? Number(value) : categories.get(String(value)) ?? NaN;
}

/** The ticks of an axis, as many as have room. */
export function ticksOf(axis: DrawnAxis, wanted: number): Tick[] {
  const { layout: { tickvals, ticktext, tickformat }, categories, range } = axis;
  if (tickvals !== undefined) {
    return tickvals.map((value, i) => ({
      at: unitsOf(axis, value),
      label: ticktext?.[i] ?? (typeof value === "number" ? formatted(value, tickformat) : value),
    }));
  }
  if (categories !== undefined) return [...categories].map(([label, at]) => ({ at, label }));
  const [low, high] = [Math.min(...range), Math.max(...range)];
  const { nticks = wanted, dtick } = axis.layout;
  return roundTicks(low, high, Math.min(wanted, nticks), dtick)
    .map((at) => ({ at, label: formatted(at, tickformat) }));
}

function axisOf(figure: Figure, id: string, traces: readonly Trace[]): DrawnAxis {
  const layout = axisLayout(figure, id);
  const own = traces.filter(({ xaxis = "x", yaxis = "y" }) => id === xaxis || id === yaxis);
  const key = id.startsWith("x") ? "x" : "y";
  const places = own.flatMap((trace) => Array.from(trace[key] ?? []));
  const named = layout.type === "category" ||
    (layout.type === undefined && places.some((place) => typeof place === "string"));
  const categories = named
    ? new Map([...new Set(places.map(String))].map((name, i) => [name, i]))
    : undefined;
  const [low, high] = layout.range ??
    (categories === undefined
      ? numericRange(own, id, layout, figure.layout.barmode === "stack")
      : [-0.5, categories.size - 0.5]);
  const range = layout.autorange === "reversed" ? [high, low] as const : [low, high] as const;
  return { id, layout, range, ...categories && { categories } };
}

/** The range of all that is drawn on an axis, with a little room. */
function numericRange(
  traces: readonly Trace[],
  id: string,
  { rangemode }: AxisLayout,
  stacked: boolean,
): [number, number] {
  const key = id.startsWith("x") ? "x" : "y";
  let [low, high] = [Infinity, -Infinity];
  let fromZero = rangemode === "tozero";
  let half = 0;
  const include = (value: number) => {
    if (!Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  const sums = new Map<unknown, number>();
  for (const trace of traces) {
    const along = trace.orientation === "h" ? "x" : "y";
    const values = trace[key] ?? [];
    const lengths = trace.type === "bar" && key === along;
    if (lengths && trace.base === undefined) fromZero = true;
    const error = trace[`error_${key}`]?.array;
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i] ?? NaN);
      const place = trace[along === "x" ? "y" : "x"]?.[i];
      const base = trace.base?.[i] ?? (stacked && lengths ? sums.get(place) ?? 0 : 0);
      if (stacked && lengths) sums.set(place, base + value);
      include(base + value - (error?.[i] ?? 0));
      include(base + value + (error?.[i] ?? 0));
      if (lengths) include(base);
    }
    if (trace.type === "bar" && key !== along) half = Math.max(half, barWidth(trace, key) / 2);
    if (trace.type === "box" && (trace.orientation === "h" ? "x" : "y") === key) {
      for (const ends of [trace.lowerfence, trace.upperfence, trace.q1, trace.q3]) {
        for (const end of Array.from(ends ?? [])) include(end);
      }
    }
  }
  if (low > high) return [0, 1];
  if (half > 0) return [low - half, high + half];
  if (fromZero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  const room = high > low ? 0.04 * (high - low) : 0.5;
  const zero = (end: number) => fromZero && end === 0;
  return [zero(low) ? low : low - room, zero(high) ? high : high + room];
}

/** The width of a bar in the units of its axis. */
export function barWidth({ width, x, y }: Trace, key: "x" | "y"): number {
  if (width !== undefined) return width;
  const places = Array.from((key === "x" ? x : y) ?? [], Number)
    .filter(Number.isFinite).sort((a, b) => a - b);
  let gap = Infinity;
  for (let i = 1; i < places.length; i++) {
    if (places[i] > places[i - 1]) gap = Math.min(gap, places[i] - places[i - 1]);
  }
  return Number.isFinite(gap) ? gap : 1;
}
