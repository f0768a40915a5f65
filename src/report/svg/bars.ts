/** Bars. */

import { barWidth, unitsOf } from "./axis.ts";
import { element, pixels, textLines } from "./markup.ts";
import type { Panel } from "./panel.ts";
import type { Trace } from "./plotly.ts";

/** Where the bars of a trace stand among those of the others. */
export interface BarPlace {
  /** Number of this trace among those side by side. */
  readonly index: number;
  /** How many stand side by side; 1 if they overlap or are stacked. */
  readonly count: number;
  /** Share of a category, or of the distance of two bars, that is filled, in (0, 1]. */
  readonly filled: number;
  /** Where each position's stack ends so far; undefined if nothing is stacked. */
  readonly stack?: Map<number, number>;
}

/** The bars of a trace, with their error bars and numbers. */
export function barsOf(trace: Trace, panel: Panel, colour: string, place: BarPlace): string {
  const lying = trace.orientation === "h";
  const [along, across] = lying ? ["x", "y"] as const : ["y", "x"] as const;
  const [lengths, positions] = [trace[along] ?? [], trace[across] ?? []];
  const axis = panel[across];
  const full = axis.categories === undefined ? barWidth(trace, across) : 1;
  const width = (trace.width ?? place.filled * full) / place.count;
  const errors = trace[`error_${along}`]?.array;
  const colours = trace.marker?.color;
  const drawn: string[] = [];
  for (let i = 0; i < lengths.length; i++) {
    const length = Number(lengths[i] ?? NaN);
    const position = unitsOf(axis, positions[i]);
    if (!Number.isFinite(length) || !Number.isFinite(position)) continue;
    const start = trace.base?.[i] ?? place.stack?.get(position) ?? 0;
    place.stack?.set(position, start + length);
    const middle = position + width * (place.index - (place.count - 1) / 2);
    const fill = colours === undefined || typeof colours === "string" ? colour : String(colours[i]);
    const [a, b] = lying
      ? [panel.left(start), panel.left(start + length)]
      : [panel.top(start), panel.top(start + length)];
    const [c, d] = lying
      ? [panel.top(middle - width / 2), panel.top(middle + width / 2)]
      : [panel.left(middle - width / 2), panel.left(middle + width / 2)];
    const [low, size] = [Math.min(a, b), Math.abs(b - a)];
    const [side, thick] = [Math.min(c, d), Math.abs(d - c)];
    drawn.push(element(
      "rect",
      lying
        ? { x: low, y: side, width: size, height: thick, fill }
        : { x: side, y: low, width: thick, height: size, fill },
    ));
    if (errors !== undefined && errors[i] > 0) {
      const ends = [start + length - errors[i], start + length + errors[i]];
      const [p, q] = lying
        ? [[panel.left(ends[0]), panel.top(middle)], [panel.left(ends[1]), panel.top(middle)]]
        : [[panel.left(middle), panel.top(ends[0])], [panel.left(middle), panel.top(ends[1])]];
      const d = `M${p.map(pixels).join(" ")}L${q.map(pixels).join(" ")}`;
      drawn.push(element("path", { d, stroke: "#1f2328" }));
    }
    const label = typeof trace.text === "string" ? undefined : trace.text?.[i];
    if (label !== undefined && label !== null) {
      drawn.push(
        lying
          ? textLines(String(label), length < 0 ? low - 4 : low + size + 4, side + thick / 2 + 4, {
            "font-size": 11,
            "text-anchor": length < 0 ? "end" : "start",
          })
          : textLines(String(label), side + thick / 2, low - 4, {
            "font-size": 11,
            "text-anchor": "middle",
          }),
      );
    }
  }
  return drawn.join("");
}
