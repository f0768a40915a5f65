/** A number over time beside what is usual. */

import {
  colours,
  type Figure,
  heading,
  legendBelow,
  plainText,
  readable,
  rounded,
  seriesColours,
} from "../figure.ts";

/** What {@link bandFigure} draws; all lists have one entry for each slice of time. */
export interface BandSeries {
  /** Slices of time as ISO 8601, or their names. */
  readonly x: readonly string[];
  /** The value in each slice, NaN if there is none. */
  readonly y: readonly number[];
  /** Lower and upper end of what chance alone would give around each value. */
  readonly around?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** A second line, such as values that became known later. */
  readonly beside?: { readonly label: string; readonly y: readonly number[] };
  /** What is usual, as on the reference, and how far it strays. */
  readonly usual?: { readonly value?: number; readonly low: number; readonly high: number };
}

/** Counts of which each has a tick of its own. */
const FEW = 5;

/**
 * A line over time with its band, before a shaded zone of what is usual. Slices
 * outside of the zone are marked.
 *
 * @param axis Name of the value, such as `ROC AUC`.
 */
export function bandFigure(
  title: string,
  axis: string,
  { x, y, around, beside, usual }: BandSeries,
): Figure {
  const known = (values: readonly number[]) =>
    values.map((value) => Number.isFinite(value) ? rounded(value) : null);
  const outside = y.map((value) =>
    usual !== undefined && (value < usual.low || value > usual.high)
  );
  const edge = (values: readonly number[], filled: boolean) => ({
    type: "scatter",
    mode: "lines",
    x,
    y: known(values),
    line: { width: 0 },
    ...filled && { fill: "tonexty", fillcolor: "rgba(59, 118, 196, 0.22)" },
    hoverinfo: "skip",
    showlegend: false,
  });
  const line = (height: number) => ({
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: height,
    y1: height,
    line: { color: colours.muted, dash: "dot", width: 1 },
  });
  return {
    data: [
      ...(around === undefined ? [] : [edge(around.low, false), edge(around.high, true)]),
      {
        type: "scatter",
        mode: "lines+markers",
        name: plainText(axis),
        x,
        y: known(y),
        line: { color: seriesColours[0] },
        marker: {
          color: outside.map((out) => out ? colours.up : seriesColours[0]),
          size: outside.map((out) => out ? 10 : 6),
          symbol: outside.map((out) => out ? "diamond" : "circle"),
        },
        hovertemplate: "%{x}: %{y:.4~f}<extra></extra>",
      },
      ...(beside === undefined ? [] : [{
        type: "scatter",
        mode: "lines+markers",
        name: plainText(beside.label),
        x,
        y: known(beside.y),
        line: { color: seriesColours[1], dash: "dash" },
        hovertemplate: `${plainText(beside.label)} %{x}: %{y:.4~f}<extra></extra>`,
      }]),
    ],
    layout: {
      title: heading(title),
      yaxis: { title: { text: plainText(axis) }, ...countTicks(y) },
      shapes: usual === undefined ? [] : [
        {
          type: "rect",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: rounded(usual.low),
          y1: rounded(usual.high),
          layer: "below",
          fillcolor: "rgba(138, 146, 155, 0.16)",
          line: { width: 0 },
        },
        ...(usual.value === undefined ? [] : [line(rounded(usual.value))]),
      ],
      legend: legendBelow,
      showlegend: beside !== undefined,
      height: 320,
    },
    description: `${title}: ${describe(y, outside, usual !== undefined)}`,
  };
}

/** Ticks at whole numbers where a few are counted, which plotly would not keep to. */
function countTicks(y: readonly number[]): { dtick?: number } {
  const known = y.filter((value) => !Number.isNaN(value));
  const few = known.every((value) => Number.isInteger(value) && value >= 0 && value <= FEW);
  return known.length > 0 && few ? { dtick: 1 } : {};
}

function describe(y: readonly number[], outside: readonly boolean[], judged: boolean): string {
  const known = y.filter(Number.isFinite);
  if (known.length === 0) return "no values";
  const told = `from ${readable(rounded(known[0]))} to ${readable(rounded(known.at(-1)!))}`;
  const count = outside.filter(Boolean).length;
  return judged ? `${told}, ${count} of ${y.length} slices outside of what is usual` : told;
}
