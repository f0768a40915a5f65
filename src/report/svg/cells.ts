/** Heatmaps. */

import { colourAt, inkOn } from "./colour.ts";
import { element, linesOf, textLines } from "./markup.ts";
import type { Panel } from "./panel.ts";
import type { ColourScale, Trace } from "./plotly.ts";
import { formatted } from "./ticks.ts";

/** Colours of a heatmap that names none. */
const plainScale: ColourScale = [[0, "#f2f5f9"], [1, "#1d4f96"]];

/** The least and greatest value of a heatmap and its colours. */
export function cellColours(
  { z = [], zmin, zmax, colorscale = plainScale }: Trace,
): { low: number; high: number; scale: ColourScale } {
  let [low, high] = [Infinity, -Infinity];
  for (const row of Array.from(z)) {
    for (const value of Array.from(row)) {
      if (value === null || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) [low, high] = [0, 1]; // no cell has a value
  return { low: zmin ?? low, high: zmax ?? high, scale: colorscale };
}

/** The cells of a heatmap, with their text where there is room; cells without a value are left out. */
export function heatmapCells(trace: Trace, panel: Panel): string {
  const { x, y, z = [], texttemplate } = trace;
  const { low, high, scale } = cellColours(trace);
  const drawn: string[] = [];
  for (let i = 0; i < z.length; i++) {
    for (let j = 0; j < z[i].length; j++) {
      const value = z[i][j];
      if (value === null || !Number.isFinite(value)) continue;
      const [cx, cy] = [panel.atX(x?.[j] ?? j), panel.atY(y?.[i] ?? i)];
      const [width, height] = [cellSize(panel, "x"), cellSize(panel, "y")];
      const fill = colourAt(scale, high > low ? (value - low) / (high - low) : 0);
      drawn.push(element("rect", {
        x: cx - width / 2,
        y: cy - height / 2,
        width: width + 0.3,
        height: height + 0.3,
        fill,
      }));
      const text = textOf(trace, texttemplate, i, j, value);
      const lines = linesOf(text);
      if (text !== "" && height > 13 * lines.length && width > 22) {
        drawn.push(textLines(text, cx, cy + 4 - 7 * (lines.length - 1), {
          fill: inkOn(fill),
          "font-size": 11,
          "text-anchor": "middle",
        }));
      }
    }
  }
  return drawn.join("");
}

function cellSize(panel: Panel, key: "x" | "y"): number {
  const { range } = panel[key];
  const size = key === "x" ? panel.box.width : panel.box.height;
  return size / Math.abs(range[1] - range[0]);
}

/** What stands in a cell: `%{text}` and `%{z:.1%}` of a template filled in. */
function textOf(
  { text }: Trace,
  template: string | undefined,
  i: number,
  j: number,
  value: number,
): string {
  if (template === undefined) return "";
  const own = text === undefined || typeof text === "string"
    ? ""
    : String((text[i] as ArrayLike<unknown>)[j] ?? "");
  return template.replaceAll(
    /%\{(text|z)(?::([^}]*))?\}/g,
    (_, key: string, format?: string) => key === "z" ? formatted(value, format) : own,
  );
}
