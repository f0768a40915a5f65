/** The registry of an MLflow server: versions are numbers, what is told of them are tags. */

import { ModelError } from "../base/mod.ts";
import { modelFileNames, RegistryClient, type VersionFacts } from "../tracking/mod.ts";
import { type AuditEntry, parseEntry } from "./audit.ts";
import { bundleName, checkDigest } from "./bundle.ts";
import type { AliasName, AliasState, ListedVersion, ModelRegistry, ReadModel } from "./contract.ts";
import {
  type Deployment,
  deployment,
  metadataFileName,
  type ModelMetadata,
  parseMetadata,
} from "./metadata.ts";
import { fileKindOf } from "./model_file.ts";

/** What a training calls the model that it logs. */
export const loggedName = "model";

/** Tag of a version: what its files are called in every place. */
const BUNDLE = "dinoflow.bundle";
/** Tag of a version: how it is deployed, as JSON. */
const DEPLOYMENT = "dinoflow.deployment";
/** Tag of a version that is out of use. */
const STAGE = "dinoflow.stage";
/** Tags of a model: what happened, one for each change, in the order of their keys. */
const AUDIT = "dinoflow.audit.";

/** The registry of a server. */
export class MlflowRegistry implements ModelRegistry {
  /** What versions without a tag turned out to be. */
  readonly #bundles = new Map<string, string>();

  /** Takes the connection. */
  constructor(readonly client: RegistryClient) {}

  /**
   * Connects to the server at `uri`.
   *
   * @throws {UsageError} if it is no http(s) address.
   */
  static open(uri: string): MlflowRegistry {
    return new MlflowRegistry(RegistryClient.open(uri));
  }

  /** The server's address. */
  get place(): string {
    return this.client.url;
  }

  /** Names of the registered models. */
  names(): Promise<readonly string[]> {
    return this.client.names();
  }

  /** Versions of a registered model. */
  async versions(name: string): Promise<readonly ListedVersion[]> {
    const found = await this.client.model(name);
    if (found === undefined) return [];
    return await Promise.all(found.facts.map(async (facts) => ({
      version: facts.version,
      bundle: await this.#bundleOf(facts),
      createdAt: new Date(facts.createdAt).toISOString(),
      runId: facts.runId ?? null,
      stage: facts.tags[STAGE] ?? (facts.stage === "None" ? "" : facts.stage),
      aliases: [...found.aliases].filter(([, version]) => version === facts.version)
        .map(([alias]) => alias),
    })));
  }

  /** Where an alias points. */
  async alias(name: string, alias: AliasName): Promise<AliasState | undefined> {
    const found = await this.client.model(name);
    const version = found?.aliases.get(alias);
    const facts = found?.facts.find((one) => one.version === version);
    if (facts === undefined) return undefined;
    const deployed = parseDeployment(facts.tags);
    return {
      version: facts.version,
      bundle: await this.#bundleOf(facts),
      ...deployed && { deployment: deployed },
    };
  }

  /** Fetches a version; see {@linkcode ModelRegistry.read}. */
  async read(name: string, version: string): Promise<ReadModel> {
    const told = `${name} version ${version}`;
    const metadata = await this.#metadata({ name, version });
    if (metadata === undefined) {
      throw new ModelError(
        `Cannot read ${told}: ${metadataFileName} is missing beside the model, or cannot be read`,
        { next: "train the model again, which logs all that a server needs, and register that" },
      );
    }
    const file = await this.client.download({ name, version }, trackedFile(metadata));
    checkDigest(told, file, metadata);
    return { metadata, file };
  }

  /**
   * Tells how the version is deployed, then moves the alias: whoever follows it finds both. The
   * alias may be any that MLflow takes.
   */
  async point(
    name: string,
    alias: string,
    to: { readonly version: string; readonly deployment?: Deployment } | undefined,
  ): Promise<void> {
    if (to === undefined) return await this.client.deleteAlias(name, alias);
    const version = { name, version: to.version };
    if (to.deployment === undefined) await this.client.deleteTag(version, DEPLOYMENT);
    else await this.client.setTag(version, DEPLOYMENT, JSON.stringify(to.deployment));
    await this.client.setAlias(alias, version);
  }

  /** Sets a tag of the registered model. */
  async record(entry: AuditEntry): Promise<void> {
    const moment = entry.time.replace(/\D/g, "");
    await this.client.setTag(
      { name: entry.name },
      `${AUDIT}${moment}-${entry.id.slice(0, 8)}`,
      JSON.stringify(entry),
    );
  }

  /** Tags of the registered model. */
  async history(name: string): Promise<readonly AuditEntry[]> {
    const { tags = {} } = await this.client.model(name) ?? {};
    return Object.keys(tags).filter((key) => key.startsWith(AUDIT)).sort()
      .map((key) => parseEntry(tags[key])).filter((entry) => entry !== undefined);
  }

  /** Sets the tag of a version that is out of use, or removes it. */
  async archive(name: string, version: string, archived: boolean): Promise<void> {
    if (archived) await this.client.setTag({ name, version }, STAGE, "archived");
    else await this.client.deleteTag({ name, version }, STAGE);
  }

  /** Removes a version; what its run logged stays with the run. */
  remove(name: string, version: string): Promise<void> {
    return this.client.deleteVersion({ name, version });
  }

  /** A server that follows a registry tells it nothing: only its aliases say what is in use. */
  isServed(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /**
   * Makes a model that a run logged a version, unless it is one already.
   *
   * @param again Whether it may become one more version.
   * @returns The version's number.
   * @throws {ModelError} if the server has no such model, or not all of it.
   */
  async register(name: string, metadata: ModelMetadata, again = false): Promise<string> {
    const bundle = bundleName(metadata);
    const known = again
      ? undefined
      : (await this.versions(name)).find((version) => version.bundle === bundle);
    if (known !== undefined) return known.version;
    if (metadata.run_id === null) {
      throw new ModelError(`Cannot register ${bundle}: no MLflow run has logged it`, {
        next: "train it again with deno task pipeline train",
      });
    }
    const logged = await this.client.findLogged(metadata.run_id, loggedName);
    if (logged === undefined) {
      throw new ModelError(
        `Cannot register ${bundle}: ${this.place} has no model of its run ${metadata.run_id}`,
        {
          next: "name the server that it was tracked to, or send the run there first: " +
            `deno task pipeline send_runs --param runs=${metadata.run_id}`,
        },
      );
    }
    const registered = await this.client.register(name, logged);
    await this.client.setTag(registered, BUNDLE, bundle);
    await this.#checkServable(registered, metadata);
    return registered.version;
  }

  /** Makes sure that a server finds all it needs at a version, before an alias leads there. */
  async #checkServable(
    { name, version }: { readonly name: string; readonly version: string },
    { model_digest, task }: ModelMetadata,
  ): Promise<void> {
    const { metadata } = await this.read(name, version);
    if (metadata.model_digest === model_digest && metadata.task.kind === task.kind) return;
    throw new ModelError(
      `Cannot serve ${name} version ${version}: its ${metadataFileName} describes another model ` +
        "than the one in the folder",
      { next: "train the model again and register that; no alias was moved" },
    );
  }

  async #bundleOf(facts: VersionFacts): Promise<string> {
    const { [BUNDLE]: told } = facts.tags;
    if (told !== undefined) return told;
    const key = `${facts.name} ${facts.version}`;
    const known = this.#bundles.get(key);
    if (known !== undefined) return known;
    const metadata = await this.#metadata(facts);
    const bundle = metadata === undefined ? "" : bundleName(metadata);
    this.#bundles.set(key, bundle);
    return bundle;
  }

  /** What is written beside a version; undefined if it is missing or malformed. */
  async #metadata(
    version: { readonly name: string; readonly version: string },
  ): Promise<ModelMetadata | undefined> {
    try {
      const bytes = await this.client.download(version, metadataFileName);
      return parseMetadata(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("Cannot reach")) throw error;
      return undefined;
    }
  }
}

/** What a run calls the file of a model that it logs. */
export function trackedFile(metadata: Pick<ModelMetadata, "model_file">): string {
  return modelFileNames[fileKindOf(metadata)];
}

/** How the tags of a version say that it is deployed; undefined if they do not. */
export function parseDeployment(
  { [DEPLOYMENT]: told }: Readonly<Record<string, string>>,
): Deployment | undefined {
  try {
    return told === undefined ? undefined : deployment.parse(JSON.parse(told));
  } catch {
    return undefined; // Somebody wrote the tag by hand: the model's own settings hold.
  }
}
