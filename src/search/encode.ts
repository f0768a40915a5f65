/** Trials as a matrix that a forest can learn from. */

import { emptyMatrix, type Matrix } from "../dataset/mod.ts";
import { type Distribution, isSingle, type Parameters, type Space } from "./distributions.ts";

/** The columns of one parameter, on which it is spread evenly. */
export type Axis =
  & {
    /** Name of the parameter. */
    readonly name: string;
    /** Its first column. */
    readonly column: number;
  }
  & (
    | {
      /** Lowest value of the column; the logarithm if the scale is. */
      readonly low: number;
      /** Highest value of the column. */
      readonly high: number;
    }
    | {
      /** Number of choices, a column of 0 and 1 for each. */
      readonly choices: number;
    }
  );

/** Trials as numbers. */
export interface EncodedTrials {
  /** A row for each trial. */
  readonly X: Matrix;
  /** The parameters that can differ. */
  readonly axes: readonly Axis[];
}

/**
 * Encodes parameters: numbers on the scale on which they are searched, choices as a column
 * each. A parameter that did not exist counts as the middle of its range, or as no choice.
 */
export function encodeTrials(space: Space, tried: readonly Parameters[]): EncodedTrials {
  const axes: Axis[] = [];
  let columns = 0;
  for (const [name, distribution] of Object.entries(space)) {
    if (isSingle(distribution)) continue;
    if (distribution.distribution === "categorical") {
      const choices = distribution.choices.length;
      axes.push({ name, column: columns, choices });
      columns += choices;
    } else {
      const [low, high] = [distribution.low, distribution.high].map(scale(distribution));
      axes.push({ name, column: columns, low, high });
      columns++;
    }
  }
  const X = emptyMatrix(tried.length, columns);
  for (const axis of axes) {
    const distribution = space[axis.name];
    tried.forEach((params, row) => {
      const value = params[axis.name];
      if ("choices" in axis) {
        if (distribution.distribution !== "categorical" || value === undefined) return;
        const choice = distribution.choices.indexOf(value);
        X.data[(axis.column + choice) * X.rows + row] = 1;
      } else {
        X.data[axis.column * X.rows + row] = value === undefined
          ? (axis.low + axis.high) / 2
          : scale(distribution)(value as number);
      }
    });
  }
  return { X, axes };
}

function scale(distribution: Distribution): (value: number) => number {
  const isLog = distribution.distribution !== "categorical" && distribution.log;
  return (value) => isLog ? Math.log(value) : value;
}
