/** Values that lie close to each other, as dots on an axis that need not begin at 0. */

import { type Figure, heading, plainText } from "../figure.ts";
import type { Bar } from "./bar.ts";

/**
 * A dot for each value with its error bar, the first on top. Lengths cannot be read off
 * it, so the axis begins where the values do, and small differences are seen.
 */
export function dotFigure(title: string, axis: string, values: readonly Bar[]): Figure {
  const shown = [...values].reverse();
  return {
    data: [{
      type: "scatter",
      mode: "markers",
      x: shown.map(({ value }) => value),
      y: shown.map(({ label }) => plainText(label)),
      error_x: { type: "data", array: shown.map(({ error = 0 }) => error), thickness: 1 },
      marker: { size: 9 },
      hovertemplate: "%{y}: %{x:.4f}<extra></extra>",
    }],
    layout: {
      title: heading(title),
      xaxis: { title: { text: plainText(axis) } },
      yaxis: { automargin: true },
      height: 120 + 26 * values.length,
    },
    description: `${title}: ` +
      values.map(({ label, value }) => `${label} ${value.toFixed(4)}`).join(", "),
  };
}
