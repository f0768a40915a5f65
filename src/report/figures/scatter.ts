/** Two numbers of each row as points. */

import { type Figure, heading, legendBelow, plainText, readable, rounded } from "../figure.ts";

/** Points of one group. */
export interface PointSeries {
  /** What the points belong to. */
  readonly label: string;
  /** Places on the horizontal axis. */
  readonly x: ArrayLike<number>;
  /** Places on the vertical axis, of the same length. */
  readonly y: ArrayLike<number>;
}

/** What stands at the axes. */
export interface AxisNames {
  /** Below the horizontal axis. */
  readonly x: string;
  /** Beside the vertical axis. */
  readonly y: string;
}

/** Points of the whole figure at most: kept in a notebook, with its still drawing, it stays below 60 kB. */
const MOST_POINTS = 2_000;

/**
 * Points by group. Of more than 2,000, evenly spaced rows are drawn and the title
 * says how many were left out, so the same rows always give the same figure.
 */
export function scatterFigure(
  title: string,
  axes: AxisNames,
  series: readonly PointSeries[],
): Figure {
  const all = series.reduce((sum, { x }) => sum + x.length, 0);
  const drawn = series.map(({ label, x, y }) => {
    const count = all <= MOST_POINTS ? x.length : Math.round(x.length * MOST_POINTS / all);
    const rows = Array.from({ length: count }, (_, k) => Math.floor(k * x.length / count));
    return { label, x: rows.map((i) => rounded(x[i])), y: rows.map((i) => rounded(y[i])) };
  });
  const left = all - drawn.reduce((sum, { x }) => sum + x.length, 0);
  const note = left === 0 ? "" : ` (${readable(left)} of ${readable(all)} points left out)`;
  return {
    data: drawn.map(({ label, x, y }) => ({
      type: "scatter",
      mode: "markers",
      name: plainText(label),
      x,
      y,
      marker: { size: 5 },
      opacity: 0.6,
      hovertemplate: `${plainText(label)}: %{x}, %{y}<extra></extra>`,
    })),
    layout: {
      title: heading(title + note),
      xaxis: { title: { text: plainText(axes.x) } },
      yaxis: { title: { text: plainText(axes.y) } },
      hovermode: "closest",
      legend: legendBelow,
      showlegend: series.length > 1,
      height: 460,
    },
    description: `${title}: ${axes.y} over ${axes.x} of ${readable(all)} points${note}`,
  };
}
