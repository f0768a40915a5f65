/** Synthetic minority over-sampling of numbers and categories. */

import { fillSettings, type Random, UsageError } from "../base/mod.ts";
import { column, emptyMatrix, type Matrix } from "../dataset/mod.ts";
import { checkClassSize, checkFinite, checkNeighbourCount, minorities } from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { drawBetween, type Synthesis, withSynthetic } from "./synthesis.ts";

/** Parameters of {@link smoteNc}. */
export interface SmoteNcOptions {
  /**
   * Columns that hold codes of categories, each at least 0, without repeats, one
   * or more; null (default) for those that the data say hold some.
   */
  readonly categorical?: readonly number[] | null;
  /** Nearest rows of its class that a row may be joined with, 1 or more. Default 5. */
  readonly kNeighbors?: number;
}

/** New rows of a class and what their categories are drawn from. */
interface Part extends Synthesis {
  /** The k rows near each new row's first, shape [new rows × k]. */
  readonly near: Int32Array;
}

/**
 * As SMOTE, for data with columns of categories: two categories that differ
 * count as far apart as the median of the numeric columns' standard deviations
 * in the class, and a new row has of each column the category that is most
 * frequent among the neighbours of the row it starts at, of equally frequent
 * ones one drawn by chance.
 *
 * The sampler throws {@link UsageError} where a categorical column does not
 * exist or all columns are categorical, and {@link DataError} where a class has
 * `kNeighbors` rows or fewer, or a value is missing.
 *
 * Source: Chawla, Bowyer, Hall and Kegelmeyer, 2002, section 6.1;
 * imbalanced-learn `SMOTENC`.
 *
 * @throws {UsageError} if `categorical` is no list of columns, or a number of
 * neighbours not a whole number of 1 or more.
 */
export function smoteNc(options: SmoteNcOptions = {}): Sampler {
  const name = "SMOTENC";
  const defaults: Required<SmoteNcOptions> = { categorical: null, kNeighbors: 5 };
  const { categorical: declared, kNeighbors } = fillSettings(name, defaults, options);
  checkNeighbourCount(kNeighbors, name);
  if (declared !== null) checkColumns(declared, Infinity);
  return {
    name,
    async sample(data, random, how = {}) {
      const categorical = declared ?? data.categorical ?? [];
      checkColumns(categorical, data.X.columns);
      checkFinite(data, name);
      const parts: Part[] = [];
      for (const minority of minorities(data.y)) {
        checkClassSize(minority, kNeighbors, name, data);
        const { label, rows, missing } = minority;
        const encoded = encode(data.X, rows, categorical);
        const every = Int32Array.from(rows.keys());
        const places = await nearestNeighbours(encoded, every, every, kNeighbors, how);
        const neighbours = places.map((place) => rows[place]);
        const drawn = drawBetween(label, rows, neighbours, missing, random);
        const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
        const near = new Int32Array(missing * kNeighbors);
        drawn.from.forEach((row, i) => {
          const at = placeOf.get(row)! * kNeighbors;
          near.set(neighbours.subarray(at, at + kNeighbors), i * kNeighbors);
        });
        parts.push({ ...drawn, near });
      }
      const sampled = withSynthetic(data, parts);
      for (const j of categorical) {
        drawCategories(column(data.X, j), column(sampled.X, j), parts, kNeighbors, random);
      }
      return sampled;
    },
  };
}

function checkColumns(categorical: readonly number[], columns: number): void {
  const wrong = categorical.find((j) => !(Number.isInteger(j) && j >= 0 && j < columns));
  const found = wrong !== undefined
    ? `column ${wrong}`
    : new Set(categorical).size < categorical.length
    ? "a categorical column named twice"
    : categorical.length === 0
    ? "no categorical column"
    : categorical.length >= columns
    ? "categorical columns only"
    : undefined;
  if (found === undefined) return;
  const last = columns === Infinity ? "" : ` up to ${columns - 1}`;
  throw new UsageError(`Cannot use SMOTENC with ${found}`, {
    next: `name some of the columns from 0${last}, each once; without categories use SMOTE`,
  });
}

/** The rows' numeric columns, then an indicator for each category, as far as distances need it. */
function encode(X: Matrix, rows: Int32Array, categorical: readonly number[]): Matrix {
  const isCategorical = new Set(categorical);
  const numeric = Array.from({ length: X.columns }, (_, j) => j)
    .filter((j) => !isCategorical.has(j))
    .map((j) => pick(column(X, j), rows));
  const deviations = numeric.map(deviation).sort((a, b) => a - b);
  const half = deviations.length >> 1;
  const median = deviations.length % 2 === 1
    ? deviations[half]
    : (deviations[half - 1] + deviations[half]) / 2;
  const indicators = categorical.flatMap((j) => {
    const values = pick(column(X, j), rows);
    // Two indicators differ between two categories: the root makes them one distance.
    return [...new Set(values)].map((category) =>
      values.map((value) => value === category ? median / Math.SQRT2 : 0)
    );
  });
  const encoded = emptyMatrix(rows.length, numeric.length + indicators.length);
  [...numeric, ...indicators].forEach((values, j) => encoded.data.set(values, j * rows.length));
  return encoded;
}

function pick(values: Float32Array, rows: Int32Array): Float32Array {
  return Float32Array.from(rows, (row) => values[row]);
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length);
}

/** Writes the categories of the new rows, which follow the old ones, into `target`. */
function drawCategories(
  source: Float32Array,
  target: Float32Array,
  parts: readonly Part[],
  k: number,
  random: Random,
): void {
  let at = source.length;
  for (const { near } of parts) {
    for (let start = 0; start < near.length; start += k) {
      const counts = new Map<number, number>();
      for (const row of near.subarray(start, start + k)) {
        counts.set(source[row], (counts.get(source[row]) ?? 0) + 1);
      }
      const most = Math.max(...counts.values());
      const modes = [...counts.keys()].filter((category) => counts.get(category) === most);
      target[at++] = modes.length === 1 ? modes[0] : random.choice(modes);
    }
  }
}
