/** SHAP values of all rows as swarms of points. */

import {
  colours,
  type Figure,
  heading,
  legendBelow,
  plainText,
  rounded,
  shortened,
} from "../figure.ts";
import { rankByShap } from "./shap_ranking.ts";

/** SHAP values of one output beside the values of the features. */
export interface ShapPoints {
  /** Names of the features. */
  readonly features: readonly string[];
  /** Number of rows. */
  readonly rows: number;
  /** SHAP values, feature by feature, shape [features × rows]. */
  readonly shap: ArrayLike<number>;
  /** Values of the features, feature by feature, NaN if missing, shape [features × rows]. */
  readonly values: ArrayLike<number>;
}

/** Points of the whole figure at most. */
const MOST_POINTS = 3_000;

/** Columns of equal width in which points are counted. */
const COLUMNS = 80;

/** Points a column must hold for its swarm to take the full height of a line. */
const FULL_COLUMN = 8;

/** Multiples of it, less their whole part, fill [0, 1) evenly without chance or pattern. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

interface Point {
  readonly shap: number;
  readonly value: number;
  /** Distance from the middle of the line, in [−0.4, 0.4]. */
  readonly offset: number;
}

/**
 * A swarm of points for each feature, the most important on top: how much the
 * feature moved the score of a row, coloured by its value in the row. Of many
 * rows, those at evenly spaced ranks of the SHAP value are drawn, the least and
 * the greatest among them, so the same rows always give the same figure.
 *
 * Source: shap `summary_plot` (colours span the 5th to the 95th percentile).
 *
 * @param most Features shown at most. Default 15.
 */
export function shapSummaryFigure(
  title: string,
  { features, rows, shap, values }: ShapPoints,
  most = 15,
): Figure {
  const ranked = rankByShap(features.length, rows, [shap], most);
  const perFeature = Math.floor(MOST_POINTS / ranked.length);
  const width = greatestWidth(shap) / COLUMNS;
  const lines = ranked.map(({ feature }, place) => ({
    name: features[feature],
    y: ranked.length - 1 - place,
    colour: colourScale(values, feature, rows),
    points: swarm(shap, values, feature, rows, perFeature, width),
  }));
  const missing = lines.flatMap(({ y, points }) =>
    points.filter(({ value }) => Number.isNaN(value))
      .map(({ shap, offset }) => ({ x: shap, y: y + offset }))
  );
  return {
    data: [
      ...lines.map(({ name, y, colour, points }) => {
        const known = points.filter(({ value }) => !Number.isNaN(value));
        return {
          type: "scatter",
          mode: "markers",
          showlegend: false,
          x: known.map((point) => rounded(point.shap)),
          y: known.map((point) => rounded(y + point.offset)),
          customdata: known.map((point) => rounded(point.value)),
          marker: {
            size: 5,
            color: known.map(({ value }) => colour(value)),
            coloraxis: "coloraxis",
          },
          hovertemplate: `${plainText(name)} = %{customdata}: %{x:+.4f}<extra></extra>`,
        };
      }),
      ...(missing.length === 0 ? [] : [{
        type: "scatter",
        mode: "markers",
        name: "value missing",
        x: missing.map((point) => rounded(point.x)),
        y: missing.map((point) => rounded(point.y)),
        marker: { size: 5, color: colours.muted },
        hovertemplate: "value missing: %{x:+.4f}<extra></extra>",
        showlegend: true,
      }]),
    ],
    layout: {
      title: heading(title),
      xaxis: { title: { text: "SHAP value (moves the score by)" }, zeroline: true },
      yaxis: {
        tickvals: lines.map(({ y }) => y),
        ticktext: lines.map(({ name }) => shortened(name)),
        range: [-0.6, ranked.length - 0.4],
      },
      coloraxis: {
        cmin: 0,
        cmax: 1,
        colorscale: [[0, "#2b8ce6"], [0.5, "#9a5fc7"], [1, "#f0356b"]],
        colorbar: {
          title: { text: "Feature value", side: "right" },
          tickvals: [0, 1],
          ticktext: ["low", "high"],
          thickness: 12,
        },
      },
      hovermode: "closest",
      legend: legendBelow,
      height: 150 + 34 * ranked.length,
    },
    description: `${title}: most important first, ` +
      lines.map(({ name, points }) => `${name} (${direction(points)})`).join(", "),
  };
}

/** Points of one feature at evenly spaced ranks, spread up and down where they are dense. */
function swarm(
  shap: ArrayLike<number>,
  values: ArrayLike<number>,
  feature: number,
  rows: number,
  most: number,
  width: number,
): Point[] {
  const order = Array.from({ length: rows }, (_, i) => feature * rows + i)
    .sort((a, b) => shap[a] - shap[b] || a - b);
  const count = Math.min(rows, most);
  const chosen = Array.from(
    { length: count },
    (_, k) => order[count === 1 ? 0 : Math.round(k * (rows - 1) / (count - 1))],
  );
  const columnOf = (at: number) => width > 0 ? Math.round(shap[at] / width) : 0;
  const inColumn = new Map<number, number>();
  for (const at of chosen) inColumn.set(columnOf(at), 1 + (inColumn.get(columnOf(at)) ?? 0));
  const tallest = Math.max(FULL_COLUMN, ...inColumn.values());
  return chosen.map((at, k) => ({
    shap: shap[at],
    value: values[at],
    offset: 0.8 * (inColumn.get(columnOf(at)) ?? 0) / tallest * (k * GOLDEN_RATIO % 1 - 0.5),
  }));
}

/** Maps values of a feature to [0, 1] between their 5th and 95th percentile. */
function colourScale(
  values: ArrayLike<number>,
  feature: number,
  rows: number,
): (value: number) => number {
  const sorted = new Float64Array(rows);
  for (let i = 0; i < rows; i++) sorted[i] = values[feature * rows + i];
  const known = sorted.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number) => known[Math.round(share * (known.length - 1))];
  // A rare value of a nearly constant feature lies outside the percentiles.
  const [low, high] = at(0.05) < at(0.95) ? [at(0.05), at(0.95)] : [at(0), at(1)];
  return (value) =>
    low < high ? rounded(Math.min(1, Math.max(0, (value - low) / (high - low)))) : 0.5;
}

function greatestWidth(shap: ArrayLike<number>): number {
  let least = 0;
  let greatest = 0;
  for (let i = 0; i < shap.length; i++) {
    least = Math.min(least, shap[i]);
    greatest = Math.max(greatest, shap[i]);
  }
  return greatest - least;
}

/** Which way high values of a feature move the score, by the sign of their covariance. */
function direction(points: readonly Point[]): string {
  const known = points.filter(({ value }) => !Number.isNaN(value));
  const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length;
  const covariance = known.reduce((sum, { value, shap }) => sum + (value - mean) * shap, 0);
  if (!(covariance !== 0)) return "no direction";
  return covariance > 0 ? "high values raise the score" : "high values lower the score";
}
