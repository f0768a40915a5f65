/** Reads the fixtures of tests/python/make_learner_fixtures.py and measures predictions. */

import { type Matrix, matrixFromRows } from "../../src/dataset/mod.ts";

export type Rows = readonly (readonly (number | null)[])[];

/** Parses a JSON fixture beside this file. */
export async function readFixture<T>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(`fixtures/${name}`, import.meta.url))) as T;
}

/** Rows with null for a missing value as a matrix. */
export function matrixOf(rows: Rows): Matrix {
  return matrixFromRows(rows.map((row) => row.map((value) => value ?? NaN)));
}

/** The mean F1 of the classes. */
export function f1Macro(y: ArrayLike<number>, predicted: ArrayLike<number>, classes: number) {
  let sum = 0;
  for (let k = 0; k < classes; k++) {
    let hits = 0;
    let named = 0;
    for (let i = 0; i < y.length; i++) {
      if (y[i] === k && predicted[i] === k) hits++;
      named += (y[i] === k ? 1 : 0) + (predicted[i] === k ? 1 : 0);
    }
    sum += 2 * hits / named;
  }
  return sum / classes;
}

/** The mean negative logarithm of the true class's probability, cut off at 1e-6. */
export function logLoss(y: ArrayLike<number>, probabilities: ArrayLike<number>) {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    sum -= Math.log(Math.max(probabilities[y[i] * y.length + i], 1e-6));
  }
  return sum / y.length;
}

export const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
