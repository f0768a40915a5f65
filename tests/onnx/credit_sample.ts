/** A small dirty table of every kind of column, with a class that depends on it. */

import { Random } from "../../src/base/mod.ts";
import {
  clean,
  featureSet,
  fillWithinGroup,
  fit,
  multiHot,
  number,
  oneHot,
  ordinal,
  transform,
} from "../../src/features/mod.ts";
import { yearsAndMonths } from "../../pipelines/credit_score/years_and_months.ts";
import type { Cell, Table } from "../../src/dataset/mod.ts";

/** The classes, in the order of their labels. */
export const classes = ["Poor", "Standard", "Good"];

/** Its columns. */
export const set = featureSet({
  target: { column: "Score", classes },
  group: "Customer",
  columns: {
    Age: number({ min: 14, max: 100, description: "age in years" }),
    Debt: number({ min: 0 }),
    History: yearsAndMonths(),
    Mix: ordinal(["Bad", "Standard", "Good"], { missing: ["_"] }),
    Job: oneHot({ missing: ["_______"] }),
    Loans: multiHot({ conjunction: "and" }),
  },
});

function dirtyTable(random: Random, rows: number): Table {
  const columns: Record<string, Cell[]> = {
    Customer: [],
    Age: [],
    Debt: [],
    History: [],
    Mix: [],
    Job: [],
    Loans: [],
    Score: [],
  };
  const dirty = (cell: Cell, markers: Cell[]) =>
    random.next() < 0.1 ? random.choice(markers) : cell;
  for (let i = 0; i < rows; i++) {
    const trait = random.int(3);
    columns.Customer.push(`C${i >> 2}`);
    columns.Age.push(dirty(`${18 + random.int(40)}`, ["-500", "28_", "7580", null]));
    columns.Debt.push(dirty(random.uniform(0, 1000) * (3 - trait), ["_", null]));
    columns.History.push(
      dirty(`${5 * trait + random.int(9)} Years and ${random.int(12)} Months`, ["NA"]),
    );
    columns.Mix.push(dirty(["Bad", "Standard", "Good"][trait], ["_"]));
    columns.Job.push(dirty(random.choice(["Lawyer", "Writer", "Doctor"]), ["_______"]));
    columns.Loans.push(
      dirty(["Auto Loan, and Home Loan", "Auto Loan", "Pay Loan"][random.int(3)], [""]),
    );
    columns.Score.push(classes[random.next() < 0.8 ? trait : random.int(3)]);
  }
  return { rows, columns };
}

/** A table, cleaned and filled, the features fitted to its first half, and the matrix of all rows. */
export function creditSample(rows: number, seed = 1) {
  const table = dirtyTable(new Random(seed), rows);
  const data = fillWithinGroup(clean(set, table, { target: "required" }));
  const train = Int32Array.from({ length: rows >> 1 }, (_, row) => row);
  const state = fit(set, data, train);
  return {
    table,
    data,
    state,
    train,
    X: transform(state, data),
    XTrain: transform(state, data, train),
  };
}
