/** How predictions move with columns, side by side. */

import {
  colours,
  type Figure,
  heading,
  legendBelow,
  panelTitle,
  plainText,
  readable,
  rounded,
  seriesColours,
  shortened,
  shortenedTo,
} from "../figure.ts";

/** One small figure: a column's values, and predictions at them. */
export interface DependencePanel {
  /** Name of the column. */
  readonly name: string;
  /** Numbers, rising, or texts. */
  readonly values: readonly (number | string)[];
  /** Mean prediction at each value, one line for each output. */
  readonly averages: readonly ArrayLike<number>[];
  /** Predictions of single rows at each value. */
  readonly individual: readonly ArrayLike<number>[];
}

const ACROSS = 3;
const GAP = 0.06;
/** Height of a row of small figures in pixels. */
const ROW = 240;
/** Letters of a text below its place. */
const MOST_LETTERS = 11;
/** Rows that are drawn. */
const MOST_ROWS = 40;

/** A bold line for each output, thin ones for single rows; all have the same vertical axis. */
export function dependenceFigure(
  title: string,
  outputs: readonly string[],
  panels: readonly DependencePanel[],
): Figure {
  const down = Math.ceil(panels.length / ACROSS);
  const layout: Record<string, unknown> = {};
  const titles: Record<string, unknown>[] = [];
  const data = panels.flatMap(({ name, values, averages, individual }, i) => {
    const id = i === 0 ? "" : String(i + 1);
    const left = i % ACROSS / ACROSS;
    const top = 1 - Math.floor(i / ACROSS) / down;
    const domain = [left + (i % ACROSS === 0 ? 0 : GAP / 2), left + 1 / ACROSS - GAP / 2];
    const range = [top - 0.74 / down, top - 0.1 / down];
    const isNumber = values.every((value) => typeof value === "number");
    // Texts stand side by side, their names cut to what has room below them.
    const x = values.map((value, v) => typeof value === "number" ? rounded(value) : v);
    const names = values.map((value) =>
      typeof value === "number" ? String(rounded(value)) : shortened(value)
    );
    layout[`xaxis${id}`] = {
      ...{ domain, anchor: `y${id}`, nticks: 5, zeroline: false },
      ...!isNumber && {
        tickvals: x,
        ticktext: values.map((value) => shortenedTo(MOST_LETTERS, String(value))),
      },
    };
    layout[`yaxis${id}`] = {
      ...{ domain: range, anchor: `x${id}`, zeroline: false },
      ...i > 0 && { matches: "y" },
      showticklabels: i % ACROSS === 0,
    };
    titles.push(panelTitle(name, domain[0], range[1]));
    const axes = { type: "scatter", x, xaxis: `x${id}`, yaxis: `y${id}` };
    return [
      ...individual.slice(0, MOST_ROWS).map((y) => ({
        ...axes,
        mode: "lines",
        y: Array.from(y, rounded),
        line: { color: colours.muted, width: 1 },
        opacity: 0.3,
        hoverinfo: "skip",
        showlegend: false,
      })),
      ...averages.map((y, k) => ({
        ...axes,
        mode: isNumber ? "lines" : "lines+markers",
        y: Array.from(y, rounded),
        line: { color: seriesColours[k % seriesColours.length], width: 3 },
        name: plainText(outputs[k]),
        legendgroup: plainText(outputs[k]),
        showlegend: i === 0 && outputs.length > 1,
        text: names,
        hovertemplate: `${plainText(name)} %{text}: %{y}<extra>${plainText(outputs[k])}</extra>`,
      })),
    ];
  });
  const told = panels.map(({ name, averages: [first] }) => {
    const values = Array.from(first);
    return `${name} from ${readable(Math.min(...values))} to ${readable(Math.max(...values))}`;
  });
  return {
    data,
    layout: {
      title: heading(title),
      ...layout,
      annotations: titles,
      legend: legendBelow,
      hovermode: "closest",
      height: 90 + down * ROW,
    },
    description: `${title}: means of ${told.join(", ")}`,
  };
}
