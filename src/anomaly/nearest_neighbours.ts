/** Distance to the nearest neighbours: rows that lie alone are unusual. */

import { ModelError, UsageError, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { checkRows } from "./check_rows.ts";
import type { Detector } from "./contract.ts";

/** Parameters of {@linkcode nearestNeighbours}. */
export interface NearestNeighboursParams {
  /** Neighbours that count, 1 or more; default 5. */
  readonly k?: number;
  /** The distance to the last of them, or the mean of all; default "largest". */
  readonly method?: "largest" | "mean";
}

/** Fitted neighbours: the rows themselves. */
export interface NearestNeighbours {
  /** Tells detectors apart. */
  readonly kind: "NearestNeighbours";
  /** Columns. */
  readonly features: number;
  /** The rows one after the other, standardised, shape [rows × features]. */
  readonly points: Float64Array;
  /** Mean of each column, shape [features]. */
  readonly centre: Float64Array;
  /** Standard deviation of each column, 1 of a constant one, shape [features]. */
  readonly spread: Float64Array;
  /** Neighbours that count. */
  readonly k: number;
  /** How their distances become one. */
  readonly method: "largest" | "mean";
}

/** Rows that are kept at most: each score looks at all of them. */
const MOST_ROWS = 50_000;

/**
 * Scores a row by its Euclidean distance to its nearest neighbours among the rows that were
 * fitted, columns standardised. Rows of the fit are neighbours of themselves unless scored by
 * {@linkcode fittedDistances}.
 *
 * Source: Ramaswamy, Rastogi and Shim (2000); pyod `KNN`.
 *
 * @throws {UsageError} for a parameter out of its range.
 */
export function distanceToNeighbours(
  { k = 5, method = "largest" }: NearestNeighboursParams = {},
): Detector<NearestNeighbours> {
  if (!(Number.isInteger(k) && k >= 1)) {
    throw new UsageError(`Cannot set k of nearestNeighbours to ${k}`, {
      next: "give a whole number of 1 or more",
    });
  }
  if (method !== "largest" && method !== "mean") {
    throw new UsageError(`Cannot set method of nearestNeighbours to "${method}"`, {
      next: 'give "largest" or "mean"',
    });
  }
  return {
    name: "NearestNeighbours",
    params: { k, method },
    fit(X) {
      checkRows("nearestNeighbours", X, "refused");
      if (X.rows <= k || X.rows > MOST_ROWS) {
        throw new UsageError(`Cannot find ${k} neighbours of a row among ${X.rows} rows`, {
          next: `give more rows than neighbours, and at most ${MOST_ROWS.toLocaleString("en")}`,
        });
      }
      const { rows, columns: features, data } = X;
      const centre = new Float64Array(features);
      const spread = new Float64Array(features);
      for (let j = 0; j < features; j++) {
        const values = data.subarray(j * rows, (j + 1) * rows);
        centre[j] = values.reduce((sum, value) => sum + value, 0) / rows;
        const squares = values.reduce((sum, value) => sum + (value - centre[j]) ** 2, 0);
        spread[j] = Math.sqrt(squares / rows) || 1;
      }
      const points = standardised(X, centre, spread);
      return Promise.resolve(
        { kind: "NearestNeighbours", features, points, centre, spread, k, method } as const,
      );
    },
  };
}

function standardised(
  { rows, columns, data }: Matrix,
  centre: Float64Array,
  spread: Float64Array,
): Float64Array {
  const points = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      points[i * columns + j] = (data[j * rows + i] - centre[j]) / spread[j];
    }
  }
  return points;
}

/** The distance of each row of `X`, shape [rows]. */
export function neighbourDistances(
  model: NearestNeighbours,
  X: Matrix,
  signal?: AbortSignal,
): Promise<Float64Array> {
  if (X.columns !== model.features) {
    throw new ModelError(`Cannot score rows of ${X.columns} columns`, {
      next: `give the ${model.features} columns that the neighbours have`,
    });
  }
  return distances(model, standardised(X, model.centre, model.spread), false, signal);
}

/** The distance of each row of the fit to others than itself, shape [rows]. */
export function fittedDistances(
  model: NearestNeighbours,
  signal?: AbortSignal,
): Promise<Float64Array> {
  return distances(model, model.points, true, signal);
}

async function distances(
  { points, features, k, method }: NearestNeighbours,
  asked: Float64Array,
  own: boolean,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const pace = new YieldingLoop({ signal });
  const found = new Float64Array(asked.length / features);
  const rows = points.length / features;
  const nearest = new Float64Array(k);
  for (let i = 0; i < found.length; i++) {
    nearest.fill(Infinity);
    for (let other = 0; other < rows; other++) {
      if (own && other === i) continue;
      let square = 0;
      // A row that is too far already cannot come nearer.
      for (let j = 0; j < features && square < nearest[k - 1]; j++) {
        square += (asked[i * features + j] - points[other * features + j]) ** 2;
      }
      if (square < nearest[k - 1]) insert(nearest, square);
    }
    const sum = nearest.reduce((total, square) => total + Math.sqrt(square), 0);
    found[i] = method === "mean" ? sum / k : Math.sqrt(nearest[k - 1]);
    if (i % 64 === 0) await pace.step(i / found.length);
  }
  return found;
}

/** Puts a value into a rising list, whose last one falls out. */
function insert(rising: Float64Array, value: number): void {
  let at = rising.length - 1;
  for (; at > 0 && rising[at - 1] > value; at--) rising[at] = rising[at - 1];
  rising[at] = value;
}
