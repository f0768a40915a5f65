/** The sections of a report about predicted numbers. */

import { metricNames, metricOf } from "../../metrics/mod.ts";
import type { PredictionInterval } from "../../registry/mod.ts";
import { histogramFigure, scatterFigure, type Section } from "../../report/mod.ts";
import { metricLabel } from "../metric_label.ts";

/** How far off held-out predictions are, and where. */
export function numberSections(
  yTrue: Float64Array,
  predictions: ArrayLike<number>,
  column: string,
  interval: PredictionInterval | undefined,
): Section[] {
  const errors = yTrue.map((value, i) => value - predictions[i]);
  const figures = metricNames("regression").map((name) =>
    [metricLabel(name), metricOf(name).compute({ yTrue, predictions })] as const
  );
  const within = interval === undefined
    ? ""
    : ` ${(100 * interval.coverage).toFixed(0)} % of true values lie within ` +
      `${interval.half_width.toPrecision(4)} of the prediction.`;
  return [
    {
      title: "Errors",
      text: `Every row was predicted by a fold that held it out.${within}`,
      table: { head: ["Metric", "Value"], rows: figures.map(([name, value]) => [name, value]) },
      figures: [
        histogramFigure("True minus predicted value", `Error of ${column}`, [
          { label: "rows", values: errors },
        ]),
      ],
    },
    {
      title: "Predicted and true values",
      text: "A good model's points lie along the diagonal; errors that grow or bend with the " +
        "prediction say what it has not learned.",
      figures: [
        scatterFigure("True over predicted value", { x: "Predicted", y: "True" }, [
          { label: "rows", x: predictions, y: yTrue },
        ]),
        scatterFigure("Error over predicted value", { x: "Predicted", y: "True − predicted" }, [
          { label: "rows", x: predictions, y: errors },
        ]),
      ],
    },
  ];
}
