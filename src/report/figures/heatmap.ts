/** A matrix of numbers as colours. */

import { type Figure, heading, plainText, rounded, shortened } from "../figure.ts";

/** What {@link heatmapFigure} draws. */
export interface HeatmapCells {
  /** Names of the columns, from left to right. */
  readonly x: readonly string[];
  /** Names of the rows, from the top down. */
  readonly y: readonly string[];
  /** Values by row and column; NaN if there is none. */
  readonly z: readonly ArrayLike<number>[];
}

/** How a heatmap is coloured and written. */
export interface HeatmapOptions {
  /** Values with the palest and the darkest colour; the least and greatest if left out. */
  readonly range?: readonly [low: number, high: number];
  /** `diverging` is white in the middle, for signed numbers. Default `rising`. */
  readonly colours?: "rising" | "diverging";
  /** How a number is written in a cell, as d3 formats; without it no cell has a number. */
  readonly format?: string;
}

const scales = {
  rising: [[0, "#f2f5f9"], [1, "#1d4f96"]],
  diverging: [[0, "#2f6db5"], [0.5, "#ffffff"], [1, "#d8435f"]],
} as const;

/** Numbers as coloured cells, the first row on top. */
export function heatmapFigure(
  title: string,
  { x, y, z }: HeatmapCells,
  { range, colours = "rising", format }: HeatmapOptions = {},
): Figure {
  const cells = z.map((row) =>
    Array.from(row, (value) => Number.isFinite(value) ? rounded(value) : null)
  );
  let peak = { value: -Infinity, x: "", y: "" };
  z.forEach((row, i) =>
    Array.from(row).forEach((value, j) => {
      if (x[j] !== y[i] && Math.abs(value) > peak.value) {
        peak = { value: Math.abs(value), x: x[j], y: y[i] };
      }
    })
  );
  return {
    data: [{
      type: "heatmap",
      x: x.map(shortened),
      y: y.map(shortened),
      z: cells,
      colorscale: scales[colours],
      ...range && { zmin: range[0], zmax: range[1] },
      ...format && { texttemplate: `%{z:${format}}` },
      hovertemplate: "%{y}, %{x}: %{z}<extra></extra>",
    }],
    layout: {
      title: heading(title),
      xaxis: { type: "category" },
      yaxis: { type: "category", autorange: "reversed", automargin: true },
      height: Math.min(1_000, 190 + 24 * y.length),
    },
    description: `${title}: ${y.length} by ${x.length} values` +
      (peak.y === "" ? "" : `, strongest at ${plainText(peak.y)} and ${plainText(peak.x)}`),
  };
}
