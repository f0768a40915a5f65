/** Many small distributions in one figure. */

import { colours, type Figure, heading, panelTitle, seriesColours, shortened } from "../figure.ts";
import { binsFor, countBins } from "./histogram.ts";

/** What one small figure shows: numbers, or counts of categories. */
export type SmallDistribution =
  | { readonly name: string; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly counts: readonly (readonly [category: string, n: number])[] };

const ACROSS = 4;
const BINS = 24;
const MOST_CATEGORIES = 16;
const GAP = 0.035;
/** Height of a row of small figures in pixels. */
const ROW = 150;

/** The distribution of each column: numbers as histograms, the most frequent categories as bars. */
export function distributionsFigure(title: string, columns: readonly SmallDistribution[]): Figure {
  const rows = Math.ceil(columns.length / ACROSS);
  const height = 70 + rows * ROW;
  const layout: Record<string, unknown> = {};
  const titles: Record<string, unknown>[] = [];
  const data = columns.map((column, i) => {
    const id = i === 0 ? "" : String(i + 1);
    const left = i % ACROSS / ACROSS;
    const top = 1 - Math.floor(i / ACROSS) / rows;
    const domain = [left + (i % ACROSS === 0 ? 0 : GAP / 2), left + 1 / ACROSS - GAP / 2];
    // Room above for the name and below for the numbers.
    const range = [top - 1 / rows * 0.78, top - 1 / rows * 0.14];
    const quiet = { showgrid: false, zeroline: false };
    layout[`xaxis${id}`] = { ...quiet, domain, anchor: `y${id}`, nticks: 3 };
    layout[`yaxis${id}`] = { ...quiet, domain: range, anchor: `x${id}`, showticklabels: false };
    titles.push(panelTitle(column.name, domain[0], range[1]));
    const axes = { xaxis: `x${id}`, yaxis: `y${id}`, showlegend: false };
    if ("values" in column) {
      const counted = countBins(column.values, binsFor([column.values], BINS));
      const { middles: x, counts: y, width } = counted;
      return { type: "bar", x, y, width, marker: { color: seriesColours[0] }, ...axes };
    }
    const shown = column.counts.slice(0, MOST_CATEGORIES);
    const rest = column.counts.slice(MOST_CATEGORIES).reduce((sum, [, n]) => sum + n, 0);
    const bars = rest === 0 ? shown : [...shown, ["other", rest] as const];
    Object.assign(layout[`xaxis${id}`]!, { type: "category", showticklabels: false });
    return {
      type: "bar",
      x: bars.map(([category]) => shortened(category)),
      y: bars.map(([, n]) => n),
      marker: { color: bars.map((_, k) => k < shown.length ? seriesColours[2] : colours.muted) },
      ...axes,
    };
  });
  return {
    data,
    layout: {
      title: heading(title),
      ...layout,
      annotations: titles,
      showlegend: false,
      bargap: 0.1,
      height,
    },
    description: `${title}: ${columns.map(({ name }) => name).join(", ")}`,
  };
}
