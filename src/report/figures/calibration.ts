/** Reliability diagrams. */

import {
  diagonal,
  type Figure,
  heading,
  legendBelow,
  plainText,
  rounded,
  seriesColours,
} from "../figure.ts";

/** Predicted probabilities of one class or model, by bin. */
export interface CalibrationSeries {
  /** What the probabilities belong to. */
  readonly label: string;
  /** Mean prediction, share of positives and number of rows of each bin, rising. */
  readonly bins: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly rows: number;
  }[];
}

/** Width of a bar of rows, in probability. */
const BAR_WIDTH = 0.03;

/** Observed over predicted probability, and below it how many rows each bin holds. */
export function calibrationFigure(title: string, curves: readonly CalibrationSeries[]): Figure {
  const furthest = curves.map(({ label, bins }) => {
    const worst = bins.reduce((a, b) => gap(b) > gap(a) ? b : a);
    return `${label} is furthest off where ${percent(worst.predicted)} are predicted ` +
      `and ${percent(worst.observed)} observed`;
  });
  return {
    data: [
      ...curves.map(({ label, bins }, i) => ({
        type: "scatter",
        mode: "lines+markers",
        name: plainText(label),
        legendgroup: plainText(label),
        marker: { color: colourOf(i) },
        x: bins.map((bin) => rounded(bin.predicted)),
        y: bins.map((bin) => rounded(bin.observed)),
        hovertemplate: `${plainText(label)}: %{x:.1%} predicted, %{y:.1%} observed<extra></extra>`,
      })),
      ...curves.map(({ label, bins }, i) => ({
        type: "bar",
        name: plainText(label),
        legendgroup: plainText(label),
        showlegend: false,
        yaxis: "y2",
        width: BAR_WIDTH,
        opacity: curves.length > 1 ? 0.6 : 1,
        marker: { color: colourOf(i) },
        x: bins.map((bin) => rounded(bin.predicted)),
        y: bins.map((bin) => bin.rows),
        hovertemplate: `${plainText(label)}: %{y} rows near %{x:.1%}<extra></extra>`,
      })),
    ],
    layout: {
      title: heading(title),
      barmode: "overlay",
      xaxis: {
        title: { text: "Predicted probability" },
        range: [-0.02, 1.02],
        tickformat: ".0%",
        anchor: "y2",
      },
      yaxis: {
        title: { text: "Observed share" },
        range: [-0.02, 1.02],
        tickformat: ".0%",
        domain: [0.3, 1],
      },
      yaxis2: { title: { text: "Rows" }, domain: [0, 0.22], nticks: 4 },
      shapes: [diagonal],
      legend: legendBelow,
      showlegend: curves.length > 1,
      height: 560,
    },
    description: `${title}: ${furthest.join("; ")}`,
  };
}

/** The colour of a series, the same for its line and its bars. */
function colourOf(series: number): string {
  return seriesColours[series % seriesColours.length];
}

function gap({ predicted, observed }: { predicted: number; observed: number }): number {
  return Math.abs(predicted - observed);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
