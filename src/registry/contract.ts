/** What a place for models must be able to do: a folder, or the registry of an MLflow server. */

import type { AuditEntry } from "./audit.ts";
import type { Deployment, ModelMetadata } from "./metadata.ts";

/** Names that point at a version: who answers, and who may come next. */
export const aliasNames = ["champion", "challenger"] as const;

/** One of {@linkcode aliasNames}. */
export type AliasName = typeof aliasNames[number];

/** A version as a registry lists it. */
export interface ListedVersion {
  /** What the registry calls it: a moment in a folder, a number in MLflow. */
  readonly version: string;
  /** What its files are called in every place, `<model_name>_v_<moment>`; "" if nobody told. */
  readonly bundle: string;
  /** When it came to be, ISO 8601. */
  readonly createdAt: string;
  /** Run that made it; null if none is known. */
  readonly runId: string | null;
  /** `archived`, a stage of an old MLflow server, or "". */
  readonly stage: string;
  /** Aliases that point at it. */
  readonly aliases: readonly string[];
  /** Its metrics; absent if the registry does not list them. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Where an alias points. */
export interface AliasState {
  /** The version, as the registry calls it. */
  readonly version: string;
  /** What its files are called; "" if nobody told. */
  readonly bundle: string;
  /** How it is deployed there; absent if nobody deployed it by hand. */
  readonly deployment?: Deployment;
}

/** A version with its file. */
export interface ReadModel {
  /** What describes it. */
  readonly metadata: ModelMetadata;
  /** The model's file, of the digest that the metadata tell. */
  readonly file: Uint8Array;
}

/**
 * A place for models. Versions of one name stand side by side; aliases point at them. Each call
 * happens as a whole or not at all.
 */
export interface ModelRegistry {
  /** Where it is, as people are told: a folder, or an address. */
  readonly place: string;
  /** The names of its models, sorted. */
  names(): Promise<readonly string[]>;
  /** Versions of a model, newest first; none if it has no such model. */
  versions(name: string): Promise<readonly ListedVersion[]>;
  /** Where an alias points; undefined if it points nowhere. */
  alias(name: string, alias: AliasName): Promise<AliasState | undefined>;
  /**
   * Reads a version.
   *
   * @throws {ModelError} if a file is missing, malformed or not of its digest.
   */
  read(name: string, version: string): Promise<ReadModel>;
  /** Points an alias at a version, or nowhere. */
  point(
    name: string,
    alias: AliasName,
    to: { readonly version: string; readonly deployment?: Deployment } | undefined,
  ): Promise<void>;
  /** Keeps an entry of what happened; one that is kept already is not kept again. */
  record(entry: AuditEntry): Promise<void>;
  /** What happened to a model, oldest first. */
  history(name: string): Promise<readonly AuditEntry[]>;
  /** Marks a version as out of use, or back in use. */
  archive(name: string, version: string, archived: boolean): Promise<void>;
  /** Removes a version for good. */
  remove(name: string, version: string): Promise<void>;
  /** Whether a server is known to hold the version; a registry far away cannot tell. */
  isServed(name: string, version: string): Promise<boolean>;
}
