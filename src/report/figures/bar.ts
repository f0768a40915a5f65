/** Plain horizontal bars. */

import { type Figure, heading, plainText } from "../figure.ts";

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
      y: shown.map((bar) => plainText(bar.label)),
      error_x: { type: "data", array: shown.map((bar) => bar.error ?? 0), thickness: 1 },
      hovertemplate: "%{y}: %{x:.4f}<extra></extra>",
    }],
    layout: {
      title: heading(title),
      xaxis: { title: { text: plainText(axis) }, rangemode: "tozero" },
      yaxis: { automargin: true },
      height: 120 + 26 * bars.length,
    },
    description: `${title}: ` +
      bars.map(({ label, value }) => `${label} ${value.toFixed(4)}`).join(", "),
  };
}
