/** Cumulative gains and lift. */

import {
  colours,
  diagonal,
  type Figure,
  heading,
  legendBelow,
  plainText,
  rounded,
} from "../figure.ts";
import { thinCurve } from "../curve_points.ts";

/** One cumulative gains curve. */
export interface GainSeries {
  /** What the curve belongs to. */
  readonly label: string;
  /** Share of rows taken, best-scored first, rising from 0 to 1. */
  readonly share: ArrayLike<number>;
  /** Share of the positives among them, of the same length. */
  readonly gain: ArrayLike<number>;
}

/** Lift of the parts of the rows in falling order of score. */
export interface LiftSeries {
  /** What the lifts belong to. */
  readonly label: string;
  /** Rate of positives in each part over the rate of all rows, best-scored first. */
  readonly lift: ArrayLike<number>;
}

/** Gains over the diagonal of a guess; each curve is drawn with at most 200 points. */
export function gainFigure(title: string, curves: readonly GainSeries[]): Figure {
  return {
    data: curves.map(({ label, share, gain }) => ({
      type: "scatter",
      mode: "lines",
      name: plainText(label),
      ...thinCurve(share, gain),
      hovertemplate: `${
        plainText(label)
      }: %{y:.1%} of positives in %{x:.1%} of rows<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: {
        title: { text: "Share of rows, best-scored first" },
        range: [-0.01, 1.01],
        tickformat: ".0%",
      },
      yaxis: { title: { text: "Share of positives" }, range: [-0.01, 1.02], tickformat: ".0%" },
      shapes: [diagonal],
      legend: legendBelow,
      height: 440,
    },
    description: `${title}: the best-scored fifth of rows holds ` +
      curves.map((curve) => `${(100 * gainAt(curve, 0.2)).toFixed(1)} % of ${curve.label}`)
        .join(", "),
  };
}

/** Lift by part of the rows as bars beside the line of a guess. */
export function liftFigure(title: string, series: readonly LiftSeries[]): Figure {
  return {
    data: series.map(({ label, lift }) => ({
      type: "bar",
      name: plainText(label),
      x: Array.from(lift, (_, part) => part + 1),
      y: Array.from(lift, rounded),
      hovertemplate: `${plainText(label)}: lift %{y:.2f} in part %{x}<extra></extra>`,
    })),
    layout: {
      title: heading(title),
      xaxis: { title: { text: "Equal parts of the rows, best-scored first" }, dtick: 1 },
      yaxis: { title: { text: "Lift (1 for a guess)" }, rangemode: "tozero" },
      shapes: [{
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: 1,
        y1: 1,
        line: { color: colours.muted, dash: "dot", width: 1 },
      }],
      legend: legendBelow,
      showlegend: series.length > 1,
      height: 400,
    },
    description: `${title}: lift of the best-scored part ` +
      series.map(({ label, lift }) => `${lift[0].toFixed(2)} for ${label}`).join(", "),
  };
}

/** The gain at a share of rows, straight between points. */
function gainAt({ share, gain }: GainSeries, wanted: number): number {
  let i = 1;
  while (i < share.length - 1 && share[i] < wanted) i++;
  const part = (wanted - share[i - 1]) / (share[i] - share[i - 1]);
  return gain[i - 1] + (gain[i] - gain[i - 1]) * part;
}
