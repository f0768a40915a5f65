/**
 * Data set `credit`: generated credit-score rows through the features of the
 * train pipeline, about 50 columns of which two thirds are one-hot. Parts
 * `train` and `test` have as many rows and no customer in common. Also deals the
 * training rows to five folds, `credit_folds.i32`.
 */

import { Random } from "../../src/base/mod.ts";
import {
  clean,
  type CleanData,
  type FeatureState,
  fillWithinGroup,
  fit,
  transform,
} from "../../src/features/mod.ts";
import { type Cell, emptyMatrix, stratifiedKFold } from "../../src/dataset/mod.ts";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import { customerRows, rowsPerCustomer } from "../../pipelines/credit_score/generate.ts";
import { type Part, sideArguments } from "./side.ts";
import { writeArray, writeDataSet } from "./write_data.ts";

/** Customers whose raw rows are in memory at a time. */
const CUSTOMERS_AT_ONCE = 5000;
const SEED = 42;

const { folder, rows } = sideArguments();
const classes = creditFeatures.target.classes.length;
const customers = Math.ceil(rows / rowsPerCustomer);

const first = cleanCustomers(0, Math.min(CUSTOMERS_AT_ONCE, customers));
const state = fit(creditFeatures, first);
const train = part(state, 0);
writeDataSet(folder, "credit", classes, { train, test: part(state, customers) });

const folds = stratifiedKFold(train.y, { folds: 5, random: new Random(SEED) });
const foldOf = new Int32Array(rows);
folds.forEach(({ test }, fold) => test.forEach((row) => foldOf[row] = fold));
writeArray(`${folder}/credit_folds.i32`, foldOf);

function cleanCustomers(from: number, to: number): CleanData {
  const columns: Record<string, Cell[]> = {};
  for (let index = from; index < to; index++) {
    for (const row of customerRows(SEED, index)) {
      for (const [name, text] of Object.entries(row)) {
        (columns[name] ??= []).push(text === "" ? null : text);
      }
    }
  }
  const table = { rows: (to - from) * rowsPerCustomer, columns };
  return fillWithinGroup(clean(creditFeatures, table, { target: "required" }));
}

/** The rows of customers `from` on, the last one's cut short where `rows` is no multiple of 8. */
function part(state: FeatureState, from: number): Part {
  const X = emptyMatrix(rows, state.features.length);
  const y = new Int32Array(new SharedArrayBuffer(4 * rows));
  for (let customer = 0; customer < customers; customer += CUSTOMERS_AT_ONCE) {
    const until = Math.min(customer + CUSTOMERS_AT_ONCE, customers);
    const data = cleanCustomers(from + customer, from + until);
    const at = customer * rowsPerCustomer;
    const chosen = Int32Array.from({ length: Math.min(data.rows, rows - at) }, (_, row) => row);
    const { data: values } = transform(state, data, chosen);
    for (let j = 0; j < X.columns; j++) {
      const column = values.subarray(j * chosen.length, (j + 1) * chosen.length);
      X.data.set(column, j * rows + at);
    }
    y.set(data.labels!.subarray(0, chosen.length), at);
  }
  return { X, y };
}
