/** How the score of one row came about. */

import { colours, type Figure, heading, readable, rounded, shortened } from "../figure.ts";

/** What one feature adds to the score of a row. */
export interface Contribution {
  /** Name of the feature. */
  readonly feature: string;
  /** Its value in the row, shown beside the name. */
  readonly value?: string | number;
  /** Its SHAP value. */
  readonly shap: number;
}

/** The row that {@link shapWaterfallFigure} explains. */
export interface ShapRow {
  /** Mean score, from which the row starts. */
  readonly base: number;
  /** What each feature adds; with the base they sum to the score of the row. */
  readonly contributions: readonly Contribution[];
}

/**
 * Bars that lead from the mean score, at the bottom, to the score of the row,
 * the greatest contribution on top.
 *
 * Source: shap `waterfall_plot`.
 *
 * @param most Bars shown at most; the least contributions are put into one. Default 10.
 */
export function shapWaterfallFigure(
  title: string,
  { base, contributions }: ShapRow,
  most = 10,
): Figure {
  const steps = mergeLeast(contributions, most).toReversed();
  const starts: number[] = [];
  let score = base;
  for (const { shap } of steps) {
    starts.push(score);
    score += shap;
  }
  // As many decimals as give the greatest three digits: short labels that can be compared.
  const greatest = Math.max(...steps.map(({ shap }) => Math.abs(shap)), Number.MIN_VALUE);
  const decimals = Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(greatest))));
  const signed = (shap: number) => `${shap < 0 ? "−" : "+"}${Math.abs(shap).toFixed(decimals)}`;
  const named = ({ feature, value }: Contribution) =>
    value === undefined
      ? shortened(feature)
      : `${shortened(feature)} = ${typeof value === "number" ? readable(value) : shortened(value)}`;
  const ends = [base, score, ...starts];
  const room = 0.28 * (Math.max(...ends) - Math.min(...ends));
  return {
    data: [{
      type: "bar",
      orientation: "h",
      base: starts.map(rounded),
      x: steps.map(({ shap }) => rounded(shap)),
      y: steps.map((_, place) => place),
      marker: { color: steps.map(({ shap }) => shap < 0 ? colours.down : colours.up) },
      text: steps.map(({ shap }) => signed(shap)),
      textposition: "outside",
      cliponaxis: false,
      customdata: steps.map(named),
      hovertemplate: "%{customdata}: %{text}<extra></extra>",
    }],
    layout: {
      title: heading(title),
      xaxis: {
        title: { text: "Score" },
        // Room for the numbers at the ends of the outermost bars.
        range: [Math.min(...ends) - room, Math.max(...ends) + room],
        zeroline: false,
      },
      yaxis: {
        tickvals: steps.map((_, place) => place),
        ticktext: steps.map(named),
        range: [-1.2, steps.length + 0.2],
        showgrid: false,
        zeroline: false,
      },
      shapes: [guide(base), guide(score)],
      annotations: [
        note(base, -0.9, `mean score ${readable(rounded(base))}`, score < base),
        note(score, steps.length - 0.1, `this row ${readable(rounded(score))}`, score >= base),
      ],
      height: 170 + 30 * steps.length,
    },
    description: `${title}: from ${readable(rounded(base))} to ${readable(rounded(score))} by ` +
      steps.toReversed().map((step) => `${named(step)} ${signed(step.shap)}`).join(", "),
  };
}

/** The greatest contributions, then one for the sum of all others. */
function mergeLeast(contributions: readonly Contribution[], most: number): Contribution[] {
  const ranked = [...contributions].sort((a, b) => Math.abs(b.shap) - Math.abs(a.shap));
  if (ranked.length <= most) return ranked;
  const others = ranked.slice(most - 1);
  const shap = others.reduce((sum, other) => sum + other.shap, 0);
  return [...ranked.slice(0, most - 1), { feature: `${others.length} other features`, shap }];
}

function guide(score: number): Record<string, unknown> {
  return {
    type: "line",
    x0: score,
    x1: score,
    yref: "paper",
    y0: 0,
    y1: 1,
    line: { color: colours.muted, dash: "dot", width: 1 },
  };
}

/** Words beside a guide, on the side where the figure has room. */
function note(x: number, y: number, text: string, leftward: boolean): Record<string, unknown> {
  const xanchor = leftward ? "right" : "left";
  return { x, y, text, showarrow: false, xanchor, xshift: leftward ? -4 : 4 };
}
