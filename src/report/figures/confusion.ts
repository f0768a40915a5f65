/** A confusion matrix as coloured cells. */

import { type Figure, heading, plainText } from "../figure.ts";

/**
 * A confusion matrix: rows are true classes, columns predicted ones; the colour
 * is the share of the row, the text the count.
 *
 * @param counts Rows by true class (first index) and predicted class (second index).
 */
export function confusionFigure(
  title: string,
  labels: readonly string[],
  counts: readonly (readonly number[])[],
): Figure {
  const shares = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => total > 0 ? count / total : 0);
  });
  return {
    data: [{
      type: "heatmap",
      z: shares,
      text: counts,
      x: labels.map(plainText),
      y: labels.map(plainText),
      texttemplate: "%{text}<br>%{z:.1%}",
      colorscale: [[0, "#e8eff8"], [1, "#1d4f96"]],
      zmin: 0,
      zmax: 1,
      colorbar: { tickformat: ".0%" },
      hovertemplate: "true %{y}, predicted %{x}: %{text} rows (%{z:.1%})<extra></extra>",
    }],
    layout: {
      title: heading(title),
      xaxis: { title: { text: "Predicted" }, type: "category" },
      yaxis: { title: { text: "True" }, type: "category", autorange: "reversed", automargin: true },
      height: 220 + 60 * labels.length,
    },
    description: `${title}: ` +
      labels.map((label, i) => `${(100 * shares[i][i]).toFixed(1)} % of ${label} found`).join(", "),
  };
}
