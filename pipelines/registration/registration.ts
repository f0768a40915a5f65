/** From a models folder to a version in MLflow's registry, and to the alias that servers follow. */

import { ModelError, UsageError } from "../../src/base/mod.ts";
import {
  checkDigest,
  findBundle,
  metadataFileName,
  type ModelMetadata,
  parseMetadata,
} from "../../src/registry/mod.ts";
import { ModelRegistry, type RegisteredVersion } from "../../src/tracking/mod.ts";
import { modelName } from "../../src/training/mod.ts";
import type { RegisterParams } from "./params.ts";

type Log = (text: string) => void;

/** A version in the registry. */
export interface Registered {
  /** Name of the registered model. */
  readonly name: string;
  /** Number of the version. */
  readonly version: string;
}

/**
 * The version that the alias will point to: of the one that is
 * asked for, or of the model in the folder, which is registered.
 *
 * @throws {UsageError} where no server is named, or it has no such version.
 * @throws {ModelError} where the model is not in the folder, or its run not on the server.
 */
export async function chooseVersion(params: RegisterParams, log: Log): Promise<Registered> {
  const registry = openRegistry(params);
  return params.version === ""
    ? await registerBundle(registry, params, log)
    : { name: params.name, version: await knownVersion(registry, params) };
}

/** Points the alias at the version where one is named, and says what serves it. */
export async function pointAlias(
  params: RegisterParams,
  { name, version }: Registered,
  log: Log,
): Promise<void> {
  const { alias } = params;
  const registry = openRegistry(params);
  const serve = (reference: string) =>
    `Serve it: MLFLOW_TRACKING_URI=${registry.url} deno task serve --model models:/${reference}`;
  if (alias === "") return log(serve(`${name}/${version}`));
  const before = (await registry.model(name))?.aliases.get(alias);
  if (before === version) log(`${name}@${alias} points to version ${version} already`);
  else {
    await registry.setAlias(alias, { name, version });
    const moved = before === undefined ? "" : ` (before: version ${before})`;
    log(`${name}@${alias} points to version ${version}${moved}`);
  }
  log(serve(`${name}@${alias}`));
  if (before !== undefined && before !== version) {
    log(
      `Go back: deno task pipeline register --param name=${name} --param alias=${alias} ` +
        `--param version=${before}`,
    );
  }
}

function openRegistry({ tracking }: RegisterParams): ModelRegistry {
  if (tracking === "") {
    throw new UsageError("Cannot register a model: MLFLOW_TRACKING_URI is not set", {
      next: "set it to the http(s) address of an MLflow server; a registry in a folder such as " +
        "./mlruns could not be followed",
    });
  }
  return ModelRegistry.open(tracking);
}

async function registerBundle(
  registry: ModelRegistry,
  { models, model, name: asked }: RegisterParams,
  log: Log,
): Promise<Registered> {
  const { metadata } = await findBundle(models, model);
  const name = asked === "" ? metadata.name ?? metadata.model_name : asked;
  const bundle = `${metadata.model_name}_v_${metadata.version}`;
  if (metadata.run_id === null) {
    throw new ModelError(`Cannot register ${bundle}: no MLflow run has logged it`, {
      next: "train it again with deno task pipeline train",
    });
  }
  const logged = await registry.findLogged(metadata.run_id, modelName);
  if (logged === undefined) {
    throw new ModelError(
      `Cannot register ${bundle}: ${registry.url} has no model of its run ${metadata.run_id}`,
      {
        next: "name the server that it was tracked to, or send the run there first: " +
          `deno task pipeline send_runs --param runs=${metadata.run_id}`,
      },
    );
  }
  const registered = await registry.register(name, logged);
  const { version } = registered;
  await checkServable(registry, registered, metadata);
  log(`Registered ${bundle} as ${name} version ${version}`);
  log(`  ${registry.url}/#/models/${encodeURIComponent(name)}/versions/${version}`);
  return { name, version };
}

/**
 * Makes sure that a server finds all it needs at a version, before an alias leads there.
 *
 * @throws {ModelError} naming what is missing.
 */
async function checkServable(
  registry: ModelRegistry,
  registered: RegisteredVersion,
  { model_digest, task }: ModelMetadata,
): Promise<void> {
  const name = `${registered.name} version ${registered.version}`;
  const missing = (what: string, cause?: unknown) =>
    new ModelError(`Cannot serve ${name}: ${what}`, {
      cause,
      next: "train the model again with this version, which logs all that a server needs, and " +
        "register that; no alias was moved",
    });
  let stored: ModelMetadata;
  try {
    const bytes = await registry.download(registered, metadataFileName);
    stored = parseMetadata(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw missing(`${metadataFileName} is missing beside the model, or cannot be read`, cause);
  }
  if (stored.model_digest !== model_digest || stored.task.kind !== task.kind) {
    throw missing(`its ${metadataFileName} describes another model than the one in the folder`);
  }
  checkDigest(name, await registry.download(registered), stored);
}

async function knownVersion(
  registry: ModelRegistry,
  { name, version }: RegisterParams,
): Promise<string> {
  const found = await registry.model(name);
  if (found === undefined) {
    throw new UsageError(`Cannot find a registered model "${name}" on ${registry.url}`, {
      next: "check the name, or leave version out to register a model under it",
    });
  }
  if (!found.versions.includes(version)) {
    const known = found.versions.length === 0 ? "none" : found.versions.join(", ");
    throw new UsageError(`Cannot find version ${version} of ${name}: it has ${known}`, {
      next: "give one of them, or leave version out to register a model",
    });
  }
  return version;
}
