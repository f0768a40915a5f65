/** Distances between rows of categories by what the categories say about the class. */

import { column } from "../dataset/mod.ts";
import { classSizes } from "./classes.ts";
import type { Labelled } from "./contract.ts";

/** What the categories of one column say about the class. */
interface ComparedColumn {
  /** Place of each row's category among those of the column, shape [rows]. */
  readonly places: Int32Array;
  /** Share of each class among the rows of each category, shape [categories × classes]. */
  readonly shares: Float64Array;
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
    const shares = new Float64Array(placeOf.size * labels.length);
    const totals = new Float64Array(placeOf.size);
    places.forEach((place, row) => {
      shares[place * labels.length + classOf.get(y[row])!]++;
      totals[place]++;
    });
    shares.forEach((count, at) => shares[at] = count / totals[Math.floor(at / labels.length)]);
    return { places, shares };
  });
  return (a, b) => {
    let distance = 0;
    for (const { places, shares } of columns) {
      const [ofA, ofB] = [places[a] * labels.length, places[b] * labels.length];
      let difference = 0;
      for (let k = 0; k < labels.length; k++) {
        difference += Math.abs(shares[ofA + k] - shares[ofB + k]);
      }
      distance += difference ** 2;
    }
    return distance;
  };
}
