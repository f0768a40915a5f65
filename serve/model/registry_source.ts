/** Models that an alias or a version of an MLflow registry names. */

import { ModelError, UsageError } from "../../src/base/mod.ts";
import {
  checkDigest,
  deployedMetadata,
  foundIn,
  metadataFileName,
  parseDeployment,
  parseMetadata,
  trackedFile,
} from "../../src/registry/mod.ts";
import type { RegistryClient } from "../../src/tracking/mod.ts";
import type { Source } from "./source.ts";

const form = /^models:\/([^/@]+)(?:@([^/@]+)|\/(\d+))$/;

/** Whether a reference means a model of a registry. */
export function isRegistryReference(reference: string): boolean {
  return reference.startsWith("models:");
}

/**
 * The parts of `models:/NAME@ALIAS` or `models:/NAME/VERSION`.
 *
 * @throws {UsageError} if the reference has another form.
 */
export function parseRegistryReference(reference: string) {
  const [, name, alias, version] = form.exec(reference) ?? [];
  if (name === undefined) {
    throw new UsageError(`Cannot understand ${reference}`, {
      next: "write models:/NAME@ALIAS or models:/NAME/VERSION",
    });
  }
  return { name, by: alias === undefined ? { version } : { alias } };
}

/**
 * The version that a reference means.
 *
 * @throws {UsageError} if it has another form than {@linkcode parseRegistryReference} reads.
 */
export function registrySource(registry: RegistryClient, reference: string): Source {
  const { name, by } = parseRegistryReference(reference);
  return {
    async find() {
      const found = await registry.find(name, by);
      const deployment = parseDeployment(found.tags);
      return {
        identity: [registry.url, found.name, found.version, deployment?.threshold?.threshold]
          .join(" "),
        source: `${reference} (version ${found.version})`,
        async read() {
          const text = new TextDecoder().decode(await registry.download(found, metadataFileName));
          const metadata = parse(reference, text);
          const file = await registry.download(found, trackedFile(metadata));
          checkDigest(reference, file, metadata);
          return { metadata: deployedMetadata({ metadata, deployment }), file };
        },
      };
    },
  };
}

function parse(reference: string, text: string) {
  try {
    return parseMetadata(JSON.parse(text));
  } catch (cause) {
    throw new ModelError(
      `Cannot read ${metadataFileName} of ${reference}: ${foundIn(cause)}`,
      { cause, next: "train and register the model again" },
    );
  }
}
