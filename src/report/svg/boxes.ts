/** Boxes of quartiles with whiskers. */

import { unitsOf } from "./axis.ts";
import { element, pixels } from "./markup.ts";
import type { Panel } from "./panel.ts";
import type { Trace } from "./plotly.ts";

/** Share of a category that a box fills. */
const FILLED = 0.5;

/** The boxes of a trace whose quartiles are given. */
export function boxesOf(trace: Trace, panel: Panel, colour: string): string {
  const { q1 = [], median = [], q3 = [], lowerfence = q1, upperfence = q3 } = trace;
  const lying = trace.orientation === "h";
  const across = lying ? "y" : "x";
  return Array.from(q1, (_, i) => {
    const middle = unitsOf(panel[across], trace[across]?.[i] ?? i);
    const point = (value: number, side: number) => {
      const [x, y] = lying
        ? [panel.left(value), panel.top(side)]
        : [panel.left(side), panel.top(value)];
      return `${pixels(x)} ${pixels(y)}`;
    };
    const [low, high] = [middle - FILLED / 2, middle + FILLED / 2];
    const body = `M${point(q1[i], low)}L${point(q1[i], high)}L${point(q3[i], high)}` +
      `L${point(q3[i], low)}Z`;
    const lines = `M${point(median[i], low)}L${point(median[i], high)}` +
      `M${point(q1[i], middle)}L${point(lowerfence[i], middle)}` +
      `M${point(q3[i], middle)}L${point(upperfence[i], middle)}`;
    return element("path", { d: body, fill: colour, "fill-opacity": 0.35, stroke: colour }) +
      element("path", { d: lines, stroke: colour, "stroke-width": 1.6, fill: "none" });
  }).join("");
}
