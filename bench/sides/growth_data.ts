/**
 * Parquet files of 50 columns of numbers and two classes: continuous, skewed, rounded and counted
 * ones, some with missing values. Folder `train`, and a tenth as many rows, 100,000 at the most, in
 * `test`.
 */

import { Random } from "../../src/base/mod.ts";
import { parquet } from "../../src/table/mod.ts";
import { sideArguments } from "./side.ts";

const COLUMNS = 50;
const ROWS_OF_FILE = 500_000;

const { folder, rows } = sideArguments();
const { writeParquet } = await parquet();
await write("train", rows);
await write("test", Math.min(Math.ceil(rows / 10), 100_000));

async function write(part: string, rows: number): Promise<void> {
  await Deno.mkdir(`${folder}/${part}`, { recursive: true });
  for (let file = 0; file * ROWS_OF_FILE < rows; file++) {
    const random = new Random(42, part === "train" ? file + 1 : 0);
    const count = Math.min(ROWS_OF_FILE, rows - file * ROWS_OF_FILE);
    const columns = Array.from({ length: COLUMNS }, (_, j) => {
      const values = Float32Array.from({ length: count }, () => {
        const value = random.normal();
        if (j % 10 === 1 && random.next() < 0.05) return NaN;
        return j % 5 === 2 ? Math.exp(value) : j % 5 === 3 ? Math.round(5 * value) : value;
      });
      return { name: `x${j}`, values };
    });
    const at = (j: number, i: number) => columns[j].values[i] || 0;
    const label = Float32Array.from({ length: count }, (_, i) => {
      const score = at(0, i) + at(1, i) * at(4, i) + Math.log(at(2, i)) * Math.sin(2 * at(5, i)) +
        0.2 * at(3, i) * (at(6, i) > 0 ? 1 : -1) + 0.5 * at(9, i) - Math.abs(at(10, i)) +
        0.3 * at(11, i) * at(14, i);
      return score + random.normal() > 0 ? 1 : 0;
    });
    const name = `part-${String(file).padStart(4, "0")}.parquet`;
    await writeParquet(`${folder}/${part}/${name}`, [...columns, { name: "label", values: label }]);
  }
}
