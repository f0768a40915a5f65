/** Whether a learner can learn from some data, checked before a fit. */

import { DataError } from "../base/mod.ts";
import { column, type Matrix } from "../dataset/mod.ts";
import type { FitOptions, RegressionOptions } from "./contract.ts";

/**
 * Checks rows, labels and weights of a classification.
 *
 * @throws {DataError} naming the first fault: no rows or columns, lengths that
 * differ, a label or weight out of its range, an infinite value, one class only, a
 * column of bags.
 *
 * @param options With `bags`, if the learner reads columns that hold bags.
 */
export function checkTrainingData(
  X: Matrix,
  y: Int32Array,
  { classes, sampleWeight, groups, bags }: FitOptions & { readonly bags?: boolean },
): void {
  checkShapes(X, y, "labels", { weights: sampleWeight, groups });
  checkClassLabels(y, classes, sampleWeight);
  checkNoInfinity(X);
  if (!bags) refuseBags(X);
}

/**
 * Checks the labels of a classification.
 *
 * @throws {DataError} naming the first fault: a label or weight out of its range, one class only.
 */
export function checkClassLabels(
  y: ArrayLike<number>,
  classes: number,
  sampleWeight?: Float32Array,
): void {
  if (!Number.isInteger(classes) || classes < 2) {
    refuse(`the number of classes is ${classes}`, "give a whole number of 2 or more");
  }
  checkLabels(y, classes, sampleWeight);
}

function refuseBags({ bags }: Matrix): void {
  if (bags === undefined) return;
  refuse(
    `column ${bags[0].column} holds texts, which only linear classifiers read`,
    "use logisticRegression or linearSvm, or leave the column out",
  );
}

/**
 * Checks rows, targets and weights of a regression.
 *
 * @throws {DataError} naming the first fault: no rows or columns, lengths that
 * differ, a target that is no finite number, a weight out of its range, no
 * weight at all, an infinite value.
 */
export function checkRegressionData(
  X: Matrix,
  y: Float32Array | Float64Array,
  { sampleWeight, groups }: RegressionOptions,
): void {
  checkShapes(X, y, "targets", { weights: sampleWeight, groups });
  let weighed = false;
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) {
      refuse(`row ${i} has target ${y[i]}`, "give a finite number for each row, or drop the row");
    }
    if (weightOf(i, sampleWeight) > 0) weighed = true;
  }
  if (!weighed) refuse("all weights are 0", "give at least one row a positive weight");
  checkNoInfinity(X);
  refuseBags(X);
}

function refuse(found: string, next: string): never {
  throw new DataError(`Cannot fit: ${found}`, { next });
}

/** @throws {DataError} if there is nothing, or not one of each of the others for each row. */
export function checkShapes(
  X: Pick<Matrix, "rows" | "columns">,
  y: ArrayLike<number>,
  targets: "labels" | "targets",
  others: Readonly<Record<"weights" | "groups", ArrayLike<number> | undefined>>,
): void {
  if (X.rows === 0 || X.columns === 0) {
    refuse(`the matrix has ${X.rows} rows and ${X.columns} columns`, "give at least one of each");
  }
  if (y.length !== X.rows) {
    const next = `give one ${targets.slice(0, -1)} for each row`;
    refuse(`there are ${X.rows} rows and ${y.length} ${targets}`, next);
  }
  for (const [name, values] of Object.entries(others)) {
    if (!values || values.length === X.rows) continue;
    const next = `give one ${name.slice(0, -1)} for each row`;
    refuse(`there are ${X.rows} rows and ${values.length} ${name}`, next);
  }
}

/**
 * Checks values, of which `first` rows went before.
 *
 * @throws {DataError} if one is infinite.
 */
export function checkNoInfinity(X: Matrix, first = 0): void {
  for (let j = 0; j < X.columns; j++) {
    const values = column(X, j);
    for (let i = 0; i < X.rows; i++) {
      if (values[i] - values[i] !== 0 && values[i] === values[i]) {
        refuse(
          `row ${first + i} has ${values[i]} in column ${j}`,
          "replace infinities by a number or by NaN, which counts as missing",
        );
      }
    }
  }
}

function checkLabels(y: ArrayLike<number>, classes: number, sampleWeight?: Float32Array): void {
  let first = -1;
  let several = false;
  for (let i = 0; i < y.length; i++) {
    if (!(y[i] >= 0 && y[i] < classes && Number.isInteger(y[i]))) {
      refuse(`row ${i} has label ${y[i]}`, `give labels from 0 to ${classes - 1}`);
    }
    if (weightOf(i, sampleWeight) === 0) continue;
    if (first < 0) first = y[i];
    else if (y[i] !== first) several = true;
  }
  if (first < 0) refuse("all weights are 0", "give at least two classes a positive weight");
  if (!several) {
    refuse(
      `all ${y.length} rows are of class ${first}`,
      "give rows of at least two classes, or check the target column",
    );
  }
}

function weightOf(row: number, sampleWeight: Float32Array | undefined): number {
  const weight = sampleWeight ? sampleWeight[row] : 1;
  if (weight >= 0 && weight < Infinity) return weight;
  refuse(`row ${row} has weight ${weight}`, "give finite weights of 0 or more");
}
