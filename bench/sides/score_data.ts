/** Loans as Parquet files of half a million rows, and a model of credit risk that scores them. */

import pl from "nodejs-polars";
import { madeUpLoans } from "../../pipelines/credit_risk/generate.ts";
import risk from "../../pipelines/credit_risk.ts";
import { runPipeline } from "../../src/pipeline/mod.ts";
import { sideArguments } from "./side.ts";

const ROWS_OF_FILE = 500_000;
const TRAINED_ON = 8000;

const { folder, rows } = sideArguments();
const loans = `${folder}/loans.csv`;
await Deno.writeTextFile(loans, madeUpLoans(TRAINED_ON, 42));
const { failure } = await runPipeline(risk, {
  params: {
    data: loans,
    models: `${folder}/models`,
    reports: `${folder}/reports`,
    tracking: `${folder}/mlruns`,
    min_roc_auc: 0.5,
  },
});
if (failure) throw failure.error;
await Deno.mkdir(`${folder}/loans`, { recursive: true });
for (let file = 0; file * ROWS_OF_FILE < rows; file++) {
  const count = Math.min(ROWS_OF_FILE, rows - file * ROWS_OF_FILE);
  const frame = pl.readCSV(madeUpLoans(count, 1000 + file), { inferSchemaLength: 10_000 });
  const name = `part-${String(file).padStart(4, "0")}.parquet`;
  frame.drop("loan_status").writeParquet(`${folder}/loans/${name}`, { compression: "zstd" });
}
