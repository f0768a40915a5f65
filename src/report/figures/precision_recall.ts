/** Precision over recall. */

import { type Figure, heading, legendBelow, plainText } from "../figure.ts";
import { thinCurve } from "../curve_points.ts";

/** One precision-recall curve, such as that of a class against all others. */
export interface PrecisionRecallSeries {
  /** What the curve belongs to. */
  readonly label: string;
  /** Share of selected rows that are positive, in [0, 1]. */
  readonly precision: ArrayLike<number>;
  /** Share of positives selected, falling, of the same length. */
  readonly recall: ArrayLike<number>;
  /** Mean precision, shown in the legend. */
  readonly averagePrecision: number;
}

/** Precision-recall curves as steps; each is drawn with at most 200 points. */
export function precisionRecallFigure(
  title: string,
  curves: readonly PrecisionRecallSeries[],
): Figure {
  return {
    data: curves.map(({ label, precision, recall, averagePrecision }) => ({
      type: "scatter",
      mode: "lines",
      name: `${plainText(label)} (AP ${averagePrecision.toFixed(3)})`,
      // A precision holds from its recall down to the next: points between cannot be had.
      line: { shape: "hv" },
      ...thinCurve(recall, precision),
      hovertemplate: `${plainText(label)}: precision %{y:.1%} at recall %{x:.1%}<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: { title: { text: "Recall" }, range: [-0.01, 1.01], tickformat: ".0%" },
      yaxis: { title: { text: "Precision" }, range: [-0.01, 1.02], tickformat: ".0%" },
      legend: legendBelow,
      height: 480,
    },
    description: `${title}: average precision ` +
      curves.map(({ label, averagePrecision }) => `${averagePrecision.toFixed(3)} for ${label}`)
        .join(", "),
  };
}
