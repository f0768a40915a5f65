/** The drift pipeline's own code from two Parquet files to the page; the folder is the argument. */

import { WorkerPool } from "../../src/base/mod.ts";
import { driftPage, driftParams, findDrift, readSides } from "../../src/monitoring/mod.ts";

const [folder, threads] = Deno.args;
const params = driftParams.parse({
  reference: `${folder}/reference.parquet`,
  current: `${folder}/current.parquet`,
  model: "none",
});
await using pool = new WorkerPool(Number(threads));
const moment = new Date();
const findings = await findDrift(await readSides(params, moment), params, pool, () => {});
await Deno.writeTextFile(`${folder}/ours.html`, await driftPage(findings, moment));
