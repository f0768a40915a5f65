/** Numbers as lines, over time or anything else. */

import { type Figure, heading, legendBelow, plainText, readable } from "../figure.ts";
import { thinCurve } from "../curve_points.ts";
import type { AxisNames, PointSeries } from "./scatter.ts";

/** A line for each series, each with at most 200 points. */
export function lineFigure(
  title: string,
  axes: AxisNames,
  series: readonly PointSeries[],
): Figure {
  return {
    data: series.map(({ label, x, y }) => ({
      type: "scatter",
      mode: x.length > 30 ? "lines" : "lines+markers",
      name: plainText(label),
      ...thinCurve(x, y),
      hovertemplate: `${plainText(label)}: %{y} at %{x}<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: { title: { text: plainText(axes.x) } },
      yaxis: { title: { text: plainText(axes.y) } },
      legend: legendBelow,
      showlegend: series.length > 1,
      height: 420,
    },
    description: `${title}: ` +
      series.map(({ label, y }) =>
        `${label} from ${readable(y[0])} to ${readable(y[y.length - 1])}`
      ).join(", "),
  };
}
