/** The models that the settings ask for. */

import { UsageError } from "../../src/base/mod.ts";
import { ModelRegistry } from "../../src/tracking/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer, Role } from "../contract.ts";
import { isRegistryReference, registrySource } from "./registry_source.ts";
import { Slot } from "./slot.ts";
import { Slots } from "./slots.ts";
import { folderSource } from "./source.ts";

/** The places that the settings name; nothing is loaded yet. */
export function openSlots(config: Config, observer: Observer): Slots {
  const model = {
    unknownFields: config.unknownFields,
    routingKey: config.routingKey,
    microBatch: config.microBatch,
    threshold: config.threshold === undefined
      ? undefined
      : { value: config.threshold, label: config.thresholdClass },
    onBatch: (rows: number) => observer.batch(rows),
    onDoubt: (source: string, reason: string) =>
      observer.log("warn", "ONNX Runtime runs the model's trees", { source, reason }),
  };
  const registry = config.mlflowTrackingUri === undefined
    ? undefined
    : ModelRegistry.open(config.mlflowTrackingUri);
  const open = (reference: string) => {
    if (!isRegistryReference(reference)) return folderSource(config.modelsFolder, reference);
    if (registry !== undefined) return registrySource(registry, reference);
    throw new UsageError(`Cannot fetch ${reference}: no MLflow server is named`, {
      next: "set MLFLOW_TRACKING_URI to the server's http(s) address",
    });
  };
  const slot = (role: Role, reference: string) =>
    new Slot({ role, reference, open, model, observer });
  return new Slots(
    slot("champion", config.model),
    config.challenger === undefined
      ? undefined
      : slot(config.challengerMode === "shadow" ? "shadow" : "challenger", config.challenger),
    config.extraModels.map((reference) => slot("champion", reference)),
  );
}
