/** Which columns hold categories, checked before trees split them. */

import { DataError, UsageError } from "../base/mod.ts";
import { column, type Matrix } from "../dataset/mod.ts";
import { highestCategory, isCategory } from "../trees/mod.ts";
import { refuseParameter } from "./parameters.ts";

/** Columns of categories, as both families of trees take them. */
export interface CategoricalParams {
  /**
   * Columns that hold codes of categories, whole numbers from 0 to 65,535 or
   * NaN; null (default) for none. Trees split them by sets of categories. Of a
   * column with more than 255 the most frequent 255 are told apart; others
   * count as missing, and what is missing or was not seen goes right.
   */
  readonly categorical?: readonly number[] | null;
}

/** @throws {UsageError} if the setting is no list of different columns. */
export function checkCategorical(learner: string, categorical: readonly number[] | null): void {
  if (categorical === null) return;
  const fits = Array.isArray(categorical) && new Set(categorical).size === categorical.length &&
    categorical.every((j) => Number.isInteger(j) && j >= 0);
  if (fits) return;
  const wanted = "a list of different columns, counted from 0, or null";
  refuseParameter(learner, "categorical", JSON.stringify(categorical), wanted);
}

/**
 * Checks that columns of categories are there and hold nothing else.
 *
 * @param first How many rows went before.
 * @throws {UsageError} if there is no such column, or predictions are to be
 * monotone in it.
 * @throws {DataError} if a value is no category.
 */
export function checkCategories(
  X: Matrix,
  categorical: readonly number[] | null,
  monotone: readonly number[] | null = null,
  first = 0,
): void {
  for (const j of categorical ?? []) {
    if (j >= X.columns) {
      throw new UsageError(
        `Cannot read categories from column ${j}: the matrix has ${X.columns} columns`,
        { next: `name columns from 0 to ${X.columns - 1} in categorical` },
      );
    }
    if (monotone?.[j]) {
      throw new UsageError(
        `Cannot keep predictions monotone in column ${j}: it holds categories, which have no order`,
        { next: `set monotone[${j}] to 0, or leave column ${j} out of categorical` },
      );
    }
    const values = column(X, j);
    const row = values.findIndex((value) => !Number.isNaN(value) && !isCategory(value));
    if (row < 0) continue;
    throw new DataError(
      `Cannot read categories from column ${j}: row ${first + row} holds ${values[row]}`,
      { next: `give whole numbers from 0 to ${highestCategory}, and NaN where one is missing` },
    );
  }
}
