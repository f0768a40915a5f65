/** From a models folder to a version in MLflow's registry, and to the alias that servers follow. */

import { UsageError } from "../../src/base/mod.ts";
import { bundleName, findBundle, MlflowRegistry, newEntry } from "../../src/registry/mod.ts";
import type { RegisterParams } from "./params.ts";

type Log = (text: string) => void;

/** Who is told to have made the change. */
const WHO = "pipeline register";

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
 * @throws {UsageError} if no server is named, or it has no such version.
 * @throws {ModelError} if the model is not in the folder, or its run not on the server.
 */
export async function chooseVersion(params: RegisterParams, log: Log): Promise<Registered> {
  const registry = openRegistry(params);
  return params.version === ""
    ? await registerBundle(registry, params, log)
    : { name: params.name, version: await knownVersion(registry, params) };
}

/** Points the alias at the version if one is named, and says what serves it. */
export async function pointAlias(
  params: RegisterParams,
  { name, version }: Registered,
  log: Log,
): Promise<void> {
  const { alias } = params;
  const registry = openRegistry(params);
  const serve = (reference: string) =>
    `Serve it: MLFLOW_TRACKING_URI=${registry.place} deno task serve --model models:/${reference}`;
  if (alias === "") return log(serve(`${name}/${version}`));
  const versions = await registry.versions(name);
  const before = versions.find(({ aliases }) => aliases.includes(alias));
  if (before?.version === version) log(`${name}@${alias} points to version ${version} already`);
  else {
    const after = versions.find((one) => one.version === version);
    const deployment = {
      run_id: after?.runId ?? null,
      since: new Date().toISOString(),
      by: WHO,
      why: "registered by hand, without a checklist",
      policy: "promoted",
    } as const;
    await registry.point(name, alias, { version, deployment });
    await registry.record(newEntry({
      ...{ who: WHO, action: "promote", name, alias, why: deployment.why, deployment },
      ...{ from: before?.bundle ?? null, to: after?.bundle ?? "", places: [registry.place] },
    }));
    const moved = before === undefined ? "" : ` (before: version ${before.version})`;
    log(`${name}@${alias} points to version ${version}${moved}`);
  }
  log(serve(`${name}@${alias}`));
  if (before !== undefined && before.version !== version) {
    log(
      `Go back: deno task pipeline register --param name=${name} --param alias=${alias} ` +
        `--param version=${before.version}`,
    );
  }
}

function openRegistry({ tracking }: RegisterParams): MlflowRegistry {
  if (tracking === "") {
    throw new UsageError("Cannot register a model: MLFLOW_TRACKING_URI is not set", {
      next: "set it to the http(s) address of an MLflow server; a registry in a folder such as " +
        "./mlruns could not be followed",
    });
  }
  return MlflowRegistry.open(tracking);
}

async function registerBundle(
  registry: MlflowRegistry,
  { models, model, name: asked }: RegisterParams,
  log: Log,
): Promise<Registered> {
  const { metadata } = await findBundle(models, model);
  const name = asked === "" ? metadata.name ?? metadata.model_name : asked;
  const version = await registry.register(name, metadata, true);
  await registry.record(newEntry({
    ...{ who: WHO, action: "register", name, from: null, to: bundleName(metadata) },
    ...{ why: `version ${version}`, places: [registry.place] },
  }));
  log(`Registered ${bundleName(metadata)} as ${name} version ${version}`);
  log(`  ${registry.place}/#/models/${encodeURIComponent(name)}/versions/${version}`);
  return { name, version };
}

async function knownVersion(
  registry: MlflowRegistry,
  { name, version }: RegisterParams,
): Promise<string> {
  const versions = (await registry.versions(name)).map((one) => one.version);
  if (versions.length === 0) {
    throw new UsageError(`Cannot find a registered model "${name}" on ${registry.place}`, {
      next: "check the name, or leave version out to register a model under it",
    });
  }
  if (!versions.includes(version)) {
    throw new UsageError(
      `Cannot find version ${version} of ${name}: it has ${versions.join(", ")}`,
      { next: "give one of them, or leave version out to register a model" },
    );
  }
  return version;
}
