/** Models in an MLflow registry, as the training puts them there. */

import { type Bundle, metadataFileName } from "../../src/registry/mod.ts";
import { openTracker, type RegisteredVersion, RegistryClient } from "../../src/tracking/mod.ts";

/** Logs a bundle as the training does, and registers it. */
export async function register(
  url: string,
  root: string,
  bundle: Bundle,
): Promise<RegisteredVersion> {
  const tracker = await openTracker({ uri: url, root });
  const run = await tracker.startRun(await tracker.experiment("credit"), { name: "training" });
  const { modelId } = await run.logModel({
    name: "model",
    file: bundle.modelPath,
    inputs: bundle.metadata.input_schema.map(({ name, kind }) => ({
      name,
      type: kind === "number" ? "double" : "string",
    })),
    outputs: [{ name: "label", type: "string" }],
    files: { [metadataFileName]: JSON.stringify(bundle.metadata) },
  });
  await run.end();
  const registry = RegistryClient.open(url);
  return await registry.register("credit-score", { runId: run.id, model: "model", modelId });
}
