/** A table in three figures: distributions, missing values, correlations. */

import {
  distributionsFigure,
  type Figure,
  heatmapFigure,
  type SmallDistribution,
} from "../report/mod.ts";
import { correlation } from "./correlations.ts";
import {
  countsOf,
  type Data,
  missingIn,
  numbersOf,
  type TabularData,
  tabularData,
} from "./frame.ts";
import { figureView } from "./figure_view.ts";
import type { ShowOptions } from "./show.ts";
import { display } from "./view.ts";

/** Columns at most, so that each figure can still be read. */
const MOST_COLUMNS = 40;

/** Stretches of rows in the map of missing values. */
const STRETCHES = 50;

/**
 * Shows how the columns are distributed, if values are missing and which columns
 * of numbers go together (Pearson, over the rows in which both have a value). Of
 * more than 40 columns the first 40 are shown.
 *
 * @throws {UsageError} if the data is no table.
 *
 * @example
 * ```ts ignore
 * await profile(cleaned);
 * ```
 */
export async function profile(
  data: Data,
  { names }: Pick<ShowOptions, "names"> = {},
): Promise<void> {
  const { columns, ...rest } = tabularData(data, names);
  const frame = { ...rest, columns: columns.slice(0, MOST_COLUMNS) };
  const figures = [distributions(frame), missing(frame), correlated(frame)];
  await display(...figures.filter((figure) => figure !== undefined).map(figureView));
}

function distributions({ columns, rows, kind }: TabularData): Figure {
  const shown = columns.map((column): SmallDistribution =>
    column.numeric
      ? { name: column.name, values: numbersOf(column, rows) }
      : { name: column.name, counts: countsOf(column, rows) }
  );
  return distributionsFigure(`${kind}: ${rows.toLocaleString("en")} rows`, shown);
}

/** The share of missing values of each column along the rows; none if nothing is missing. */
function missing({ columns, rows }: TabularData): Figure | undefined {
  const gappy = columns.filter((column) => missingIn(column, rows) > 0);
  if (gappy.length === 0) return undefined;
  const stretches = Math.min(STRETCHES, rows);
  const edge = (k: number) => Math.floor(k * rows / stretches);
  return heatmapFigure("Missing values along the rows", {
    x: Array.from({ length: stretches }, (_, k) => edge(k).toLocaleString("en")),
    y: gappy.map(({ name }) => name),
    z: gappy.map((column) =>
      Array.from({ length: stretches }, (_, k) => {
        let count = 0;
        for (let i = edge(k); i < edge(k + 1); i++) if (column.at(i) === null) count++;
        return count / (edge(k + 1) - edge(k));
      })
    ),
  });
}

/** Correlations of all pairs of numeric columns; none if there are fewer than two. */
function correlated({ columns, rows }: TabularData): Figure | undefined {
  const numeric = columns.filter((column) => column.numeric);
  if (numeric.length < 2) return undefined;
  const values = numeric.map((column) => numbersOf(column, rows));
  const names = numeric.map(({ name }) => name);
  const z = values.map((x) => values.map((y) => correlation(x, y)));
  return heatmapFigure("Correlations", { x: names, y: names, z }, {
    colours: "diverging",
    range: [-1, 1],
    format: ".2f",
  });
}
