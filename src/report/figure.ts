/** Figures as plain plotly JSON: made anywhere, drawn by a page or a notebook. */

/** A plotly figure. */
export interface Figure {
  /** Traces, as plotly documents them. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Layout, as plotly documents it. */
  readonly layout: Readonly<Record<string, unknown>>;
  /** One sentence that says what the figure shows, for those who cannot see it. */
  readonly description: string;
}

/** One bar of {@link barFigure}. */
export interface Bar {
  /** What the bar stands for. */
  readonly label: string;
  /** Its length. */
  readonly value: number;
  /** Half the height of its error bar, such as one standard deviation. */
  readonly error?: number;
}

/** Horizontal bars, the first on top. */
export function barFigure(title: string, axis: string, bars: readonly Bar[]): Figure {
  const shown = [...bars].reverse();
  return {
    data: [{
      type: "bar",
      orientation: "h",
      x: shown.map((bar) => bar.value),
      y: shown.map((bar) => bar.label),
      error_x: { type: "data", array: shown.map((bar) => bar.error ?? 0), thickness: 1 },
      hovertemplate: "%{y}: %{x:.4f}<extra></extra>",
    }],
    layout: {
      title: { text: title, x: 0, xanchor: "left" },
      xaxis: { title: { text: axis }, rangemode: "tozero" },
      yaxis: { automargin: true },
      height: 120 + 26 * bars.length,
    },
    description: `${title}: ` +
      bars.map(({ label, value }) => `${label} ${value.toFixed(4)}`).join(", "),
  };
}

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
      x: labels,
      y: labels,
      texttemplate: "%{text}<br>%{z:.1%}",
      colorscale: "Blues",
      reversescale: true,
      zmin: 0,
      zmax: 1,
      colorbar: { tickformat: ".0%" },
      hovertemplate: "true %{y}, predicted %{x}: %{text} rows (%{z:.1%})<extra></extra>",
    }],
    layout: {
      title: { text: title, x: 0, xanchor: "left" },
      xaxis: { title: { text: "Predicted" }, type: "category" },
      yaxis: { title: { text: "True" }, type: "category", autorange: "reversed", automargin: true },
      height: 220 + 60 * labels.length,
    },
    description: `${title}: ` +
      labels.map((label, i) => `${(100 * shares[i][i]).toFixed(1)} % of ${label} found`).join(", "),
  };
}
