/** A value over each of several settings, side by side. */

import {
  type Figure,
  heading,
  panelTitle,
  plainText,
  readable,
  rounded,
  seriesColours,
  shortened,
} from "../figure.ts";

/** One small figure: the settings of the points, and their values. */
export interface Slice {
  /** What stands above it. */
  readonly name: string;
  /** Numbers or choices, one for each point. */
  readonly x: readonly (number | string)[];
  /** Values, of the same length. */
  readonly y: readonly number[];
  /** Whether the numbers lie on a logarithmic scale. */
  readonly log?: boolean;
}

const ACROSS = 3;
const GAP = 0.06;
/** Height of a row of small figures in pixels. */
const ROW = 220;

/** Points of each slice; all have the same vertical axis. */
export function slicesFigure(title: string, axis: string, slices: readonly Slice[]): Figure {
  const rows = Math.ceil(slices.length / ACROSS);
  const layout: Record<string, unknown> = {};
  const titles: Record<string, unknown>[] = [];
  const values = slices.flatMap(({ y }) => y);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.05 * (high - low || 1);
  const data = slices.map(({ name, x, y, log = false }, i) => {
    const id = i === 0 ? "" : String(i + 1);
    const left = i % ACROSS / ACROSS;
    const top = 1 - Math.floor(i / ACROSS) / rows;
    const domain = [left + (i % ACROSS === 0 ? 0 : GAP / 2), left + 1 / ACROSS - GAP / 2];
    const range = [top - 0.78 / rows, top - 0.12 / rows];
    const isNumber = x.every((value) => typeof value === "number");
    layout[`xaxis${id}`] = {
      domain,
      anchor: `y${id}`,
      nticks: 5,
      zeroline: false,
      type: isNumber ? log ? "log" : "linear" : "category",
    };
    layout[`yaxis${id}`] = {
      domain: range,
      anchor: `x${id}`,
      zeroline: false,
      range: [low - room, high + room],
      showticklabels: i % ACROSS === 0,
      ...i % ACROSS === 0 && { title: { text: plainText(axis) } },
    };
    titles.push(panelTitle(name, domain[0], range[1]));
    return {
      type: "scatter",
      mode: "markers",
      x: x.map((value) => typeof value === "number" ? rounded(value) : shortened(value)),
      y: y.map(rounded),
      marker: { size: 6, color: seriesColours[0] },
      opacity: 0.7,
      xaxis: `x${id}`,
      yaxis: `y${id}`,
      showlegend: false,
      hovertemplate: `${plainText(name)} %{x}: %{y}<extra></extra>`,
    };
  });
  return {
    data,
    layout: {
      title: heading(title),
      ...layout,
      annotations: titles,
      showlegend: false,
      hovermode: "closest",
      height: 70 + rows * ROW,
    },
    description: `${title}: ${axis} of ${readable(slices[0]?.y.length ?? 0)} points over ` +
      slices.map(({ name }) => name).join(", "),
  };
}
