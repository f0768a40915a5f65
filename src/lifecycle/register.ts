/** A trained model put where it is found by name. */

import { type SavedFile, type StepContext, stepFunction } from "../pipeline/mod.ts";
import { MlflowRegistry, newEntry, parseMetadata } from "../registry/mod.ts";
import type { GateReport } from "../training/mod.ts";

/** A version that was registered, or why there is none. */
export interface Registration {
  /** Name of the model. */
  readonly name: string;
  /** Its version; absent if there is no model to be registered. */
  readonly version?: string;
  /** Where it is, or why there is none. */
  readonly told: string;
}

/** Registers what was exported; a model that missed a gate has no files and is not registered. */
export const registerStep = stepFunction(
  import.meta.url,
  "registerStep",
  async (
    { name, tracking }: { name: string; tracking: string },
    { exported, gates }: { exported: readonly SavedFile[]; gates?: GateReport },
    { log, run }: StepContext,
  ): Promise<Registration> => {
    const file = exported.find(({ path }) => path.endsWith("_metadata.json"));
    if (file === undefined) {
      const told = `not registered: ${gates?.missed.join("; ") || "no model was exported"}`;
      log(`${name} is ${told}`);
      return { name, told };
    }
    const metadata = parseMetadata(JSON.parse(await Deno.readTextFile(file.path)));
    const { version, model_name } = metadata;
    let told = `in ${file.path}`;
    if (/^https?:/i.test(tracking)) {
      const registry = MlflowRegistry.open(tracking);
      const number = await registry.register(name, metadata);
      told = `version ${number} on ${registry.place}`;
      await registry.record(newEntry({
        ...{ who: run.pipeline, action: "register", name, from: null, why: told },
        ...{ to: `${model_name}_v_${version}`, places: [registry.place] },
      }));
    }
    log(`Registered ${name} ${version}, ${told}`);
    return { name, version, told };
  },
);
