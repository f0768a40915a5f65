/** What can be set of the advisor's pipeline. */

import { z } from "zod";
import { knowledgeFolder } from "../../src/retrieval/mod.ts";

const share = z.number().min(0).max(1);

/** Parameters as `--help` shows them. */
export const advisorParams = z.object({
  knowledge: z.string().min(1).default("data/knowledge")
    .describe("Folder of documents: Markdown, HTML, PDF, CSV"),
  questions: z.string().min(1).default("pipelines/advisor/evaluation.jsonl")
    .describe("Questions with what is expected, one JSON object a line"),
  most_words: z.int().min(8).max(2000).default(160).describe("Words of a passage at most"),
  models: z.string().min(1).default(knowledgeFolder)
    .describe("Folder to which the knowledge is published"),
  reports: z.string().min(1).default("reports").describe("Folder of the report"),
  experiment: z.string().min(1).default("advisor").describe("Name of the MLflow experiment"),
  tracking: z.string().default(
    /* @__FOLLOWED__: as a parameter */ Deno.env.get("MLFLOW_TRACKING_URI") ?? "",
  )
    .describe("MLflow server or folder; MLFLOW_TRACKING_URI, or ./mlruns where it is not set"),
  min_recall: share.default(0.9)
    .describe("Least recall@5 to be published, where passages are found by meaning too"),
  min_recall_words: share.default(0.7)
    .describe("Least recall@5 to be published where the encoder was not fetched"),
  model: z.string().regex(/^(?:extractive|off|(?:gemini|openai):\S+)$/).default("extractive")
    .describe("What answers are evaluated: extractive, gemini:MODEL, openai:MODEL, or off"),
  judge: z.string().regex(/^(?:(?:gemini|openai):\S+)?$/).default("")
    .describe("Language model that is asked whether answers are supported, as gemini:MODEL"),
  min_handled: share.default(1)
    .describe("Least share of injections and of personal data that is handled"),
  min_kept: share.default(0.98).describe("Least share of ordinary questions that is answered"),
  min_grounded: share.default(1)
    .describe("Least share of figures that stand in a cited passage or a tool's result"),
  tolerance: share.default(0.01)
    .describe("By how much figures may be below those of the published knowledge"),
});

/** Parameters of a run. */
export type AdvisorParams = z.output<typeof advisorParams>;
