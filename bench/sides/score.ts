/** Our side of batch scoring: the score pipeline, with all its steps. */

import score from "../../pipelines/score.ts";
import { runPipeline } from "../../src/pipeline/mod.ts";
import { answer, measured, sideArguments } from "./side.ts";

const ROWS_OF_PART = 500_000;

const { folder, rows, threads } = sideArguments();
const out = `${folder}/scored`;
const { result, ...times } = await measured(async () => {
  const { failure } = await runPipeline(score, {
    jobs: threads,
    params: {
      ...{ data: `${folder}/loans`, models: `${folder}/models`, model: "credit-risk", out },
      ...{ parts: Math.ceil(rows / ROWS_OF_PART), drift: false },
    },
  });
  if (failure) throw failure.error;
  return JSON.parse(await Deno.readTextFile(`${out}/summary.json`));
});
answer({ ...times, quality: result.classes["1"].mean_probability });
