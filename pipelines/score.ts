/** Scores a table that may be larger than memory: Parquet in, Parquet out, parts as a fan-out. */

import { pipeline } from "../src/pipeline/mod.ts";
import { scoreParams, scoreSteps } from "../src/scoring/mod.ts";

export default pipeline("score", {
  description: "Score a Parquet file or folder with a model, part by part",
  params: scoreParams,
}, (builder) => scoreSteps(builder));
