/** Forecasts 12 months of many series by one method. */

import { WorkerPool } from "../../src/base/mod.ts";
import { fitManyAutomatic, forecastAutomatic } from "../../src/forecast/mod.ts";
import { column, type Matrix } from "../../src/dataset/mod.ts";
import { answer, measured, readPart, sideArguments } from "./side.ts";

const [HORIZON, YEAR] = [12, 12];

const { folder, threads, methods } = sideArguments<{ readonly methods: readonly string[] }>();
const columns = ({ columns, ...own }: Matrix) =>
  Array.from({ length: columns }, (_, k) => Float64Array.from(column({ columns, ...own }, k)));
const known = columns(readPart(folder, "series", "known").X);
const came = columns(readPart(folder, "series", "came").X);

await using pool = new WorkerPool(threads);
const { result, ...cost } = await measured(async () => {
  const said: Float64Array[][] = known.map(() => []);
  for (const method of methods) {
    const results = await fitManyAutomatic(known, {
      ...{ horizon: HORIZON, seasons: [YEAR], methods: [method], scales: ["raw"], origins: 0 },
      pool,
    });
    results.forEach((one, k) => {
      if ("refused" in one) throw new Error(one.refused);
      said[k].push(forecastAutomatic(one.model, HORIZON));
    });
  }
  return said;
});

/** Mean absolute error over that of the last year again, within what was known. */
function scaledError(said: Float64Array, k: number): number {
  let [naive, off] = [0, 0];
  for (let t = YEAR; t < known[k].length; t++) {
    naive += Math.abs(known[k][t] - known[k][t - YEAR]) / (known[k].length - YEAR);
  }
  for (let h = 0; h < HORIZON; h++) off += Math.abs(said[h] - came[k][h]) / HORIZON;
  return off / naive;
}

const errors = result.flatMap((own, k) => own.map((said) => scaledError(said, k)));
answer({ ...cost, quality: errors.reduce((sum, error) => sum + error, 0) / errors.length });
