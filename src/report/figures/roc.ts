/** Receiver operating characteristics. */

import { diagonal, type Figure, heading, legendBelow, plainText } from "../figure.ts";
import { thinCurve } from "../curve_points.ts";

/** One ROC curve, such as that of a class against all others. */
export interface RocSeries {
  /** What the curve belongs to. */
  readonly label: string;
  /** Share of negatives selected, rising, in [0, 1]. */
  readonly falsePositiveRate: ArrayLike<number>;
  /** Share of positives selected, of the same length. */
  readonly truePositiveRate: ArrayLike<number>;
  /** Area under the curve, shown in the legend. */
  readonly auc: number;
}

/** ROC curves over the diagonal of a guess; each is drawn with at most 200 points. */
export function rocFigure(title: string, curves: readonly RocSeries[]): Figure {
  return {
    data: curves.map(({ label, falsePositiveRate, truePositiveRate, auc }) => ({
      type: "scatter",
      mode: "lines",
      name: `${plainText(label)} (AUC ${auc.toFixed(3)})`,
      ...thinCurve(falsePositiveRate, truePositiveRate),
      hovertemplate: `${plainText(label)}: %{y:.1%} found, %{x:.1%} false alarms<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: { title: { text: "False positive rate" }, range: [-0.01, 1.01], tickformat: ".0%" },
      yaxis: { title: { text: "True positive rate" }, range: [-0.01, 1.02], tickformat: ".0%" },
      shapes: [diagonal],
      legend: legendBelow,
      height: 480,
    },
    description: `${title}: area under the curve ` +
      curves.map(({ label, auc }) => `${auc.toFixed(3)} for ${label}`).join(", "),
  };
}
