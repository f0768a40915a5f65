/** A score as learning goes on. */

import { colours, type Figure, heading, legendBelow, plainText, readable } from "../figure.ts";
import { thinCurve } from "../curve_points.ts";

/** The score on one set of rows. */
export interface LearningSeries {
  /** The set, such as `training` or `validation`. */
  readonly label: string;
  /** Scores, one for each place on the axis. */
  readonly values: ArrayLike<number>;
}

/** What {@link learningCurveFigure} draws. */
export interface LearningCurveData {
  /** Name of the axis, such as `Boosting round` or `Training rows`. */
  readonly axis: string;
  /** Name of the score, such as `Log loss`. */
  readonly metric: string;
  /** Places on the axis, rising; 1, 2, 3 … where left out. */
  readonly x?: ArrayLike<number>;
  /** Scores by set of rows. */
  readonly series: readonly LearningSeries[];
  /** The place that was kept, such as the best round of early stopping. */
  readonly best?: number;
}

/** Scores over boosting rounds or training sizes; each line has at most 200 points. */
export function learningCurveFigure(
  title: string,
  { axis, metric, x, series, best }: LearningCurveData,
): Figure {
  const ends = series.map(({ label, values }) =>
    `${label} from ${readable(values[0])} to ${readable(values[values.length - 1])}`
  );
  const kept = best === undefined ? "" : `; kept at ${readable(best)}`;
  const longest = Math.max(...series.map(({ values }) => values.length));
  const places = x ?? Array.from({ length: longest }, (_, i) => i + 1);
  return {
    data: series.map(({ label, values }) => ({
      type: "scatter",
      // Few places are measured sizes, many are rounds.
      mode: values.length > 30 ? "lines" : "lines+markers",
      name: plainText(label),
      ...thinCurve(Array.from(values, (_, i) => places[i]), values),
      hovertemplate: `${plainText(label)}: %{y:.4f} at %{x}<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: { title: { text: plainText(axis) } },
      yaxis: { title: { text: plainText(metric) } },
      legend: legendBelow,
      height: 420,
      ...(best === undefined ? {} : marked(best, (places[0] + places[longest - 1]) / 2)),
    },
    description: `${title}, ${metric} over ${axis.toLowerCase()}: ${ends.join(", ")}${kept}`,
  };
}

/** A line at the kept place; its words stand on the side that has more room. */
function marked(best: number, middle: number): Record<string, unknown> {
  return {
    shapes: [{
      type: "line",
      x0: best,
      x1: best,
      yref: "paper",
      y0: 0,
      y1: 1,
      line: { color: colours.muted, dash: "dot", width: 1 },
    }],
    annotations: [{
      x: best,
      yref: "paper",
      y: 1,
      text: `kept: ${readable(best)}`,
      showarrow: false,
      xanchor: best > middle ? "right" : "left",
      yanchor: "top",
    }],
  };
}
