/** Two Parquet files of 20 columns of numbers and 8 of categories; a fourth of them drifts. */

import pl from "nodejs-polars";
import { Random } from "../../src/base/mod.ts";
import { sideArguments } from "./side.ts";

const NUMBERS = 20;
const CATEGORIES = 8;

const { folder, rows, seed } = sideArguments();
for (const [name, stream, shift] of [["reference", 0, 0], ["current", 1, 0.3]] as const) {
  const random = new Random(seed, stream);
  const numbers = Array.from({ length: NUMBERS }, (_, j) => {
    const mean = j % 4 === 0 ? shift : 0;
    // Money, ages and rates: skewed ones, rounded ones, and some values missing.
    const values = Array.from({ length: rows }, () => {
      const value = random.normal(mean);
      if (j % 5 === 1 && random.next() < 0.05) return null;
      return j % 3 === 0 ? Math.exp(value) : j % 3 === 1 ? Math.round(10 * value) : value;
    });
    return pl.Series(`number_${j}`, values, pl.Float64);
  });
  const categories = Array.from({ length: CATEGORIES }, (_, j) => {
    const names = Array.from({ length: 3 + 4 * j }, (_, k) => `level ${k}`);
    const power = j % 4 === 0 ? 1 + shift : 1;
    const values = Array.from(
      { length: rows },
      () => names[Math.floor(names.length * random.next() ** power)],
    );
    return pl.Series(`category_${j}`, values, pl.Utf8);
  });
  pl.DataFrame([...numbers, ...categories]).writeParquet(`${folder}/${name}.parquet`);
}
