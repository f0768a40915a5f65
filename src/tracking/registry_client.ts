/**
 * The model registry of an MLflow server: versions of registered models, the
 * aliases that point to them, and their files.
 */

import { join } from "@std/path";
import { ServiceError, UsageError } from "../base/mod.ts";
import { artifactRoute } from "./artifact_upload.ts";
import { HttpClient, type Sleep } from "./http_client.ts";
import { isMissing, ResponseError } from "./http_errors.ts";
import { type Json, list, record, text } from "./json.ts";
import { findLogged, type ModelOfRun } from "./model_of_run.ts";
import { modelFileNames } from "./model_files.ts";
import { connectionSettings, type Environment } from "./settings.ts";

/** A version of a registered model. */
export interface RegisteredVersion {
  /** Name of the registered model. */
  readonly name: string;
  /** Number of the version, as text. */
  readonly version: string;
}

/** All that the registry tells of a version. */
export interface VersionFacts extends RegisteredVersion {
  /** When it was registered, milliseconds since 1970. */
  readonly createdAt: number;
  /** Id of the run that made it; undefined if none is known. */
  readonly runId?: string;
  /** Its stage, as servers without aliases have them; "None" if it has none. */
  readonly stage: string;
  /** Its tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the registry keeps under a name. */
export interface RegisteredModel {
  /** Numbers of its versions, as text, newest first. */
  readonly versions: readonly string[];
  /** The version that each alias points to. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The same versions with all that is told of them. */
  readonly facts: readonly VersionFacts[];
  /** Tags of the model itself. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A model registry.
 *
 * @example
 * ```ts ignore
 * const registry = RegistryClient.open("http://127.0.0.1:5000");
 * const logged = await registry.findLogged(runId, "model");
 * const version = await registry.register("credit-score", logged);
 * await registry.setAlias("champion", version);
 * const onnx = await registry.download(await registry.find("credit-score", { alias: "champion" }));
 * ```
 */
export class RegistryClient {
  private constructor(private readonly client: HttpClient) {}

  /**
   * Connects to the registry of the server at `uri`.
   *
   * @throws {UsageError} if `uri` is no http(s) address.
   */
  static open(
    uri: string,
    options: { readonly env?: Environment; readonly sleep?: Sleep } = {},
  ): RegistryClient {
    const { env = (name) => Deno.env.get(name), sleep } = options;
    if (!/^https?:/i.test(uri) || !URL.canParse(uri)) {
      throw new UsageError(`Cannot use the model registry of ${uri}: it is no MLflow server`, {
        next: "set MLFLOW_TRACKING_URI to the http(s) address of one",
      });
    }
    // Whoever follows an alias asks again soon by itself.
    const settings = connectionSettings(uri, env, { maxRetries: 1, timeoutMs: 30_000 });
    return new RegistryClient(new HttpClient(settings, sleep));
  }

  /** The server's address. */
  get url(): string {
    return this.client.url;
  }

  /**
   * Finds the model that a run logged.
   *
   * @param runId Id of the run; one that was kept in a folder and sent later is found by the id
   * that it had there.
   * @param model What the run called the model as it logged it.
   * @returns Undefined if the server has no such run, or no finished model of it.
   * @throws {ServiceError} if the server refuses or does not answer.
   */
  findLogged(runId: string, model: string): Promise<ModelOfRun | undefined> {
    return findLogged(this.client, runId, model);
  }

  /**
   * Makes a model that a run logged a new version of a registered model, which
   * is created if there is none of the name.
   *
   * @throws {ServiceError} if the server refuses.
   */
  async register(name: string, logged: ModelOfRun): Promise<RegisteredVersion> {
    try {
      await this.client.json("POST", "registered-models/create", { name });
    } catch (error) {
      const known = error instanceof ResponseError && error.code === "RESOURCE_ALREADY_EXISTS";
      if (!known) throw error;
    }
    const { runId, model, modelId } = logged;
    const answer = await this.client.json("POST", "model-versions/create", {
      name,
      run_id: runId,
      ...(modelId === undefined
        ? { source: `${await this.#artifactsOf(runId)}/${model}` }
        : { source: `models:/${modelId}`, model_id: modelId }),
    });
    return this.#asVersion(answer);
  }

  /** Points an alias at a version; whatever it pointed at before has it no more. */
  async setAlias(alias: string, { name, version }: RegisteredVersion): Promise<void> {
    await this.client.json("POST", "registered-models/alias", { name, alias, version });
  }

  /**
   * The versions and aliases of a registered model.
   *
   * @returns Undefined if none has the name.
   * @throws {ServiceError} if the server refuses or does not answer.
   */
  async model(name: string): Promise<RegisteredModel | undefined> {
    let answer: Json;
    try {
      answer = await this.client.json("GET", "registered-models/get", { name });
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const model = record(answer.registered_model);
    const aliases = list(model.aliases);
    const facts: VersionFacts[] = [];
    let page: string | undefined;
    do {
      const found: Json = await this.client.json("GET", "model-versions/search", {
        filter: `name='${name}'`,
        ...(page !== undefined && { page_token: page }),
      });
      facts.push(...list(found.model_versions).map(factsOf));
      page = text(found.next_page_token);
    } while (page !== undefined);
    facts.sort((a, b) => Number(b.version) - Number(a.version));
    return {
      versions: facts.map(({ version }) => version),
      aliases: new Map(aliases.map(({ alias, version }) => [String(alias), String(version)])),
      facts,
      tags: tagsOf(model),
    };
  }

  /**
   * The names of all registered models.
   *
   * @throws {ServiceError} if the server refuses or does not answer.
   */
  async names(): Promise<string[]> {
    const names: string[] = [];
    let page: string | undefined;
    do {
      const found: Json = await this.client.json("GET", "registered-models/search", {
        ...(page !== undefined && { page_token: page }),
      });
      names.push(...list(found.registered_models).map(({ name }) => String(name)));
      page = text(found.next_page_token);
    } while (page !== undefined);
    return names.sort();
  }

  /** Takes an alias away; one that points nowhere is no error. */
  async deleteAlias(name: string, alias: string): Promise<void> {
    try {
      await this.client.json("DELETE", "registered-models/alias", { name, alias });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /** Sets a tag of a model, or of one of its versions. */
  async setTag(
    { name, version }: { readonly name: string; readonly version?: string },
    key: string,
    value: string,
  ): Promise<void> {
    const kind = version === undefined ? "registered-models" : "model-versions";
    await this.client.json("POST", `${kind}/set-tag`, { name, version, key, value });
  }

  /** Removes a tag of a version; one that is not there is no error. */
  async deleteTag({ name, version }: RegisteredVersion, key: string): Promise<void> {
    try {
      await this.client.json("DELETE", "model-versions/delete-tag", { name, version, key });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /** Removes a version from the registry; what its run logged stays with the run. */
  async deleteVersion({ name, version }: RegisteredVersion): Promise<void> {
    try {
      await this.client.json("DELETE", "model-versions/delete", { name, version });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /**
   * Finds a version by an alias or by its number.
   *
   * @throws {ServiceError} if there is none, or the server does not answer.
   */
  async find(
    name: string,
    by: { readonly alias: string } | { readonly version: string },
  ): Promise<VersionFacts> {
    return this.#asVersion(
      "alias" in by
        ? await this.client.json("GET", "registered-models/alias", { name, alias: by.alias })
        : await this.client.json("GET", "model-versions/get", { name, version: by.version }),
    );
  }

  /**
   * A file of a version.
   *
   * @param path Name of the file in the model's folder; the ONNX file where it is left out.
   * @throws {ServiceError} if it is not there, or lies where only the server can read.
   */
  async download(
    { name, version }: RegisteredVersion,
    path: string = modelFileNames.onnx,
  ): Promise<Uint8Array> {
    const answer = await this.client.json("GET", "model-versions/get-download-uri", {
      name,
      version,
    });
    const root = text(answer.artifact_uri);
    if (root === undefined) throw this.#unreadable(`${name} ${version}`);
    const route = artifactRoute(root, this.client.url);
    if (route.kind === "proxy") {
      return await this.client.receive({ method: "GET", path: `${route.url}/${path}` });
    }
    try {
      return await Deno.readFile(join(route.path, path));
    } catch (cause) {
      throw new ServiceError(
        `Cannot read ${path} of ${name} ${version}: the server keeps it at ${root}, and this ` +
          "machine cannot read there",
        { cause, next: "start the server with --serve-artifacts, and log the model again" },
      );
    }
  }

  async #artifactsOf(runId: string): Promise<string> {
    const answer = await this.client.json("GET", "runs/get", { run_id: runId });
    const uri = text(record(record(answer.run).info).artifact_uri);
    if (uri === undefined) throw this.#unreadable(`run ${runId}`);
    return uri;
  }

  #asVersion(answer: Json): VersionFacts {
    const found = factsOf(record(answer.model_version));
    if (found.name === "" || found.version === "") throw this.#unreadable("a model's version");
    return found;
  }

  #unreadable(what: string): ServiceError {
    return new ServiceError(`Cannot read how ${this.client.url} describes ${what}`, {
      next: "check that MLFLOW_TRACKING_URI names an MLflow server",
    });
  }
}

function factsOf(found: Json): VersionFacts {
  return {
    name: String(found.name ?? ""),
    version: String(found.version ?? ""),
    createdAt: Number(found.creation_timestamp ?? 0),
    ...(text(found.run_id) !== undefined && { runId: String(found.run_id) }),
    stage: text(found.current_stage) ?? "None",
    tags: tagsOf(found),
  };
}

function tagsOf({ tags }: Json): Record<string, string> {
  return Object.fromEntries(list(tags).map(({ key, value }) => [String(key), String(value ?? "")]));
}
