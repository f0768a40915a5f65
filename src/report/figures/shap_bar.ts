/** Mean absolute SHAP values. */

import {
  type Figure,
  heading,
  legendBelow,
  plainText,
  readable,
  rounded,
  shortened,
} from "../figure.ts";
import { meanAbsolute, rankByShap } from "./shap_ranking.ts";

/** SHAP values of several outputs, such as classes. */
export interface ShapOutputs {
  /** Names of the features. */
  readonly features: readonly string[];
  /** Number of rows. */
  readonly rows: number;
  /** For each output its name and SHAP values, feature by feature, shape [features × rows]. */
  readonly outputs: readonly { readonly label: string; readonly shap: ArrayLike<number> }[];
}

/**
 * The mean absolute SHAP value of each feature, the greatest on top, with the
 * parts of several outputs side by side in one bar.
 *
 * @param most Features shown at most. Default 20.
 */
export function shapBarFigure(
  title: string,
  { features, rows, outputs }: ShapOutputs,
  most = 20,
): Figure {
  const ranked = rankByShap(features.length, rows, outputs.map(({ shap }) => shap), most);
  const shown = ranked.toReversed();
  return {
    data: outputs.map(({ label, shap }) => ({
      type: "bar",
      orientation: "h",
      name: plainText(label),
      x: shown.map(({ feature }) => rounded(meanAbsolute(shap, feature, rows))),
      y: shown.map((_, place) => place),
      customdata: shown.map(({ feature }) => plainText(features[feature])),
      hovertemplate: `%{customdata}, ${plainText(label)}: %{x:.4f}<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      barmode: "stack",
      xaxis: { title: { text: "Mean |SHAP value|" }, rangemode: "tozero" },
      yaxis: {
        tickvals: shown.map((_, place) => place),
        ticktext: shown.map(({ feature }) => shortened(features[feature])),
        showgrid: false,
      },
      legend: { ...legendBelow, traceorder: "normal" },
      showlegend: outputs.length > 1,
      height: 150 + 26 * shown.length,
    },
    description: `${title}: ` +
      ranked.map(({ feature, mean }) => `${features[feature]} ${readable(mean)}`).join(", "),
  };
}
