/** Rows that are taken from tables and matrices. */

import { assertEquals, assertThrows } from "@std/assert";
import {
  emptyBag,
  emptyMatrix,
  matrixFromRows,
  row,
  takeRows,
  takeTableRows,
} from "../../src/dataset/mod.ts";

Deno.test("rows: taken from a table in the order that is asked for, also twice", () => {
  const table = { rows: 3, columns: { a: ["x", null, "z"], b: [1, 2, 3] } };
  assertEquals(takeTableRows(table, [2, 1, 2]), {
    rows: 3,
    columns: { a: ["z", null, "z"], b: [3, 2, 3] },
  });
  assertEquals(takeTableRows(table, []), { rows: 0, columns: { a: [], b: [] } });
});

Deno.test("rows: taken from a matrix with the entries of their bags", () => {
  const matrix = matrixFromRows([[1, 2], [3, 4], [5, 6]]);
  // Of five terms row 0 has the terms 1 and 4, row 1 none, row 2 the term 2.
  const bag = emptyBag({ column: 7, terms: 5 }, 3, 3);
  bag.offsets.set([0, 2, 2, 3]);
  bag.places.set([1, 4, 2]);
  bag.values.set([0.25, 0.75, 1]);
  const taken = takeRows({ ...matrix, bags: [bag] }, [2, 0, 1, 2]);
  assertEquals([taken.rows, taken.columns, ...taken.data], [4, 2, 5, 1, 3, 5, 6, 2, 4, 6]);
  const [{ column, terms, offsets, places, values }] = taken.bags!;
  assertEquals([column, terms], [7, 5]);
  assertEquals([...offsets], [0, 1, 3, 3, 4]);
  assertEquals([...places], [2, 1, 4, 2]);
  assertEquals([...values], [1, 0.25, 0.75, 1]);
  assertEquals(takeRows(matrix, [1]).bags, undefined);
});

Deno.test("rows: of different length they make no matrix; none make an empty one", () => {
  assertThrows(
    () => matrixFromRows([[1, 2], [3]]),
    RangeError,
    "row 1 has 1 values, row 0 has 2",
  );
  assertEquals(matrixFromRows([]), emptyMatrix(0, 0));
  assertEquals([...row(matrixFromRows([[1, 2], [3, 4]]), 1)], [3, 4]);
});
