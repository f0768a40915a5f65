/** Some rows of a training set. */

import { takeRows } from "../dataset/mod.ts";
import type { Labelled, Sampled } from "./contract.ts";

/** The rows that are kept, asked for one after the other, in their order. */
export function selected(data: Labelled, keeps: (row: number) => boolean): Sampled {
  const sourceIndices = Int32Array.from(data.y.keys()).filter(keeps);
  return {
    ...data,
    X: takeRows(data.X, sourceIndices),
    y: sourceIndices.map((row) => data.y[row]),
    sourceIndices,
  };
}
