/** The models that the settings ask for. */

import { UsageError } from "../../src/base/mod.ts";
import { RegistryClient } from "../../src/tracking/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer } from "../contract.ts";
import { isRegistryReference, registrySource } from "./registry_source.ts";
import type { ModelOptions } from "./running_model.ts";
import { type Replicas, Slot } from "./slot.ts";
import { Slots } from "./slots.ts";
import { folderSource } from "./source.ts";

/** How the settings run models. */
export function modelOptions(
  config: Config,
  observer: Observer,
  cache?: ModelOptions["cache"],
): ModelOptions {
  return {
    cache,
    unknownFields: config.unknownFields,
    routingKey: config.routingKey,
    microBatch: config.microBatch,
    loadSeconds: config.loadSeconds,
    threshold: config.threshold === undefined
      ? undefined
      : { threshold: config.threshold, label: config.thresholdClass },
    onBatch: (rows: number) => observer.batch(rows),
    onDoubt: (source: string, reason: string) =>
      observer.log("warn", "ONNX Runtime runs the model's trees", { source, reason }),
  };
}

/**
 * The places that the settings name; nothing is loaded yet.
 *
 * @param replicasOf The same place in other threads, by its number.
 * @param cache Where what the models say is kept.
 */
export function openSlots(
  config: Config,
  observer: Observer,
  { replicasOf, cache }: {
    readonly replicasOf?: (place: number) => Replicas;
    readonly cache?: ModelOptions["cache"];
  } = {},
): Slots {
  const model = modelOptions(config, observer, cache);
  const registry = config.mlflowTrackingUri === undefined
    ? undefined
    : RegistryClient.open(config.mlflowTrackingUri);
  const open = (reference: string) => {
    if (!isRegistryReference(reference)) return folderSource(config.modelsFolder, reference);
    if (registry !== undefined) return registrySource(registry, reference);
    throw new UsageError(`Cannot fetch ${reference}: no MLflow server is named`, {
      next: "set MLFLOW_TRACKING_URI to the server's http(s) address",
    });
  };
  return new Slots(
    config,
    (role, reference, place, resting) =>
      new Slot({ role, reference, open, model, observer, resting, replicas: replicasOf?.(place) }),
  );
}
