/** Loan models that an MLflow server has the runs of. */

import { openTracker } from "../../src/tracking/mod.ts";
import { type Bundle, metadataFileName } from "../../src/registry/mod.ts";
import { type ModelWish, saveLoanModel } from "./models.ts";

/** Saves a model in the folder and logs it to the server, as a training does. */
export async function trackedLoanModel(
  url: string,
  folder: string,
  data: string,
  wish: ModelWish = {},
): Promise<Bundle> {
  const tracker = await openTracker({ uri: url, env: () => undefined });
  const run = await tracker.startRun(await tracker.experiment("loans"), { name: "training" });
  const bundle = await saveLoanModel(folder, data, { ...wish, runId: run.id });
  await run.logModel({
    name: "model",
    file: bundle.modelPath,
    inputs: bundle.metadata.input_schema.map(({ name, kind }) => ({
      name,
      type: kind === "number" ? "double" as const : "string" as const,
    })),
    outputs: [{ name: "label", type: "string" }],
    files: { [metadataFileName]: JSON.stringify(bundle.metadata) },
  });
  await run.end();
  return bundle;
}
