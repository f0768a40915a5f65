/** Distances between rows of categories by what the categories say about the class. */

import { column } from "../table/mod.ts";
import { classSizes } from "./classes.ts";
import type { Labelled } from "./contract.ts";

/**
 * Codes and distances of the categories of one column: categories a and b are
 * `distances[a * categories + b]` apart.
 */
interface ComparedColumn {
  /** Place of each row's category among those of the column, shape [rows]. */
  readonly places: Int32Array;
  /** Number of categories. */
  readonly categories: number;
  /** Square of Σ over classes |P(class | a) − P(class | b)|. */
  readonly distances: Float64Array;
}

/**
 * The distance of two rows: Σ over columns (Σ over classes |P(class | a) −
 * P(class | b)|)², where the shares are those of all rows.
 *
 * Source: Stanfill and Waltz, 1986; imbalanced-learn `ValueDifferenceMetric`.
 *
 * @param data Rows without missing values; every column holds categories.
 */
export function valueDifference({ X, y }: Labelled): (a: number, b: number) => number {
  const labels = [...classSizes(y).keys()];
  const classOf = new Map(labels.map((label, place) => [label, place]));
  const columns = Array.from({ length: X.columns }, (_, j): ComparedColumn => {
    const values = column(X, j);
    const placeOf = new Map([...new Set(values)].map((value, place) => [value, place]));
    const places = Int32Array.from(values, (value) => placeOf.get(value)!);
    const categories = placeOf.size;
    const shares = new Float64Array(categories * labels.length);
    const totals = new Float64Array(categories);
    places.forEach((place, row) => {
      shares[place * labels.length + classOf.get(y[row])!]++;
      totals[place]++;
    });
    shares.forEach((count, at) => shares[at] = count / totals[Math.floor(at / labels.length)]);
    const distances = new Float64Array(categories ** 2);
    for (let a = 0; a < categories; a++) {
      for (let b = 0; b < categories; b++) {
        let difference = 0;
        for (let k = 0; k < labels.length; k++) {
          difference += Math.abs(shares[a * labels.length + k] - shares[b * labels.length + k]);
        }
        distances[a * categories + b] = difference ** 2;
      }
    }
    return { places, categories, distances };
  });
  return (a, b) => {
    let distance = 0;
    for (const { places, categories, distances } of columns) {
      distance += distances[places[a] * categories + places[b]];
    }
    return distance;
  };
}
