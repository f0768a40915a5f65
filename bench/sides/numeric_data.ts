/**
 * Data set `numeric`: 25 continuous columns and three classes that depend on
 * ten of them, by sums, products and noise. Parts `train` and `test`.
 */

import { Random } from "../../src/base/mod.ts";
import { emptyMatrix, row } from "../../src/dataset/mod.ts";
import { type Part, sideArguments } from "./side.ts";
import { writeDataSet } from "./write_data.ts";

const COLUMNS = 25;
const CLASSES = 3;

const { folder, rows } = sideArguments();
writeDataSet(folder, "numeric", CLASSES, { train: part(1), test: part(2) });

function part(stream: number): Part {
  const random = new Random(42, stream);
  const X = emptyMatrix(rows, COLUMNS);
  for (let at = 0; at < X.data.length; at++) X.data[at] = random.normal();
  const y = new Int32Array(new SharedArrayBuffer(4 * rows));
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d, e, f, g, h, k, l] = row(X, i);
    const scores = [
      a + b * c + 0.5 * d,
      e - f * a + Math.sin(2 * g),
      h * k + 0.7 * l - Math.abs(b),
    ].map((score) => score + 0.5 * random.normal());
    y[i] = scores.indexOf(Math.max(...scores));
  }
  return { X, y };
}
