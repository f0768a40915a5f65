/** Where models are, for one command: a folder, an MLflow server, or both. */

import { nearestName, UsageError } from "../base/mod.ts";
import {
  type AliasName,
  aliasNames,
  FolderRegistry,
  type ListedVersion,
  MlflowRegistry,
  type ModelRegistry,
} from "../registry/mod.ts";

/** The registries of a command. */
export interface PromotionPlaces {
  /** The models folder: the lock, the note of what is under way and the audit lines are there. */
  readonly folder: FolderRegistry;
  /** The server, where one is named. */
  readonly server?: MlflowRegistry;
  /** Where aliases move; the last one decides. */
  readonly all: readonly ModelRegistry[];
  /** The one that names and versions are looked up in. */
  readonly main: ModelRegistry;
}

/** Which registries a command is about. */
export type RegistryChoice = "folder" | "mlflow" | "both";

/**
 * Opens them.
 *
 * @param choice `both` where a server is named, else `folder`, where it is left out.
 * @throws {UsageError} if a server is wanted and none is named.
 */
export function openPlaces(
  { models, tracking, choice }: {
    readonly models: string;
    readonly tracking: string;
    readonly choice?: RegistryChoice;
  },
): PromotionPlaces {
  const folder = new FolderRegistry(models);
  const named = /^https?:/i.test(tracking);
  const wanted = choice ?? (named ? "both" : "folder");
  if (wanted === "folder") return { folder, all: [folder], main: folder };
  if (!named) {
    throw new UsageError(`Cannot use MLflow's registry: ${tracking || "no server"} is no address`, {
      next: "set MLFLOW_TRACKING_URI, or --tracking, to the http(s) address of the server",
    });
  }
  const server = MlflowRegistry.open(tracking);
  return wanted === "mlflow"
    ? { folder, server, all: [server], main: server }
    : { folder, server, all: [server, folder], main: folder };
}

/**
 * The versions of a model, newest first.
 *
 * @throws {UsageError} if there is no such model, with those that there are.
 */
export async function versionsIn(
  { main }: Pick<PromotionPlaces, "main">,
  name: string,
): Promise<readonly ListedVersion[]> {
  const versions = await main.versions(name);
  if (versions.length > 0) return versions;
  const names = await main.names();
  const near = nearestName(name, names);
  throw new UsageError(`Cannot find a model "${name}" in ${main.place}`, {
    next: names.length === 0
      ? "train one first: deno task pipeline train"
      : near === undefined
      ? `name one that is there: ${names.join(", ")}`
      : `did you mean "${near}"? There is ${names.join(", ")}`,
  });
}

/**
 * The version that people mean: its own name, what its files are called, an alias, or `newest`.
 *
 * @throws {UsageError} if there is none, with those that may have been meant.
 */
export function versionMeant(
  versions: readonly ListedVersion[],
  name: string,
  wanted: string,
): ListedVersion {
  const inUse = versions.filter(({ stage }) => stage !== "archived");
  const found = wanted === "newest" || wanted === "latest"
    ? inUse[0]
    : versions.find(({ version, bundle, aliases }) =>
      version === wanted || bundle === wanted || aliases.includes(wanted.replace(/^@/, ""))
    );
  if (found !== undefined) return found;
  const isAlias = (aliasNames as readonly string[]).includes(wanted.replace(/^@/, ""));
  const known = versions.map(({ version }) => version);
  const near = nearestName(wanted, [...known, "newest", ...aliasNames]);
  throw new UsageError(
    isAlias
      ? `Cannot find the ${wanted} of ${name}: no version has that alias`
      : `Cannot find version ${wanted} of ${name}`,
    {
      next: `${near !== undefined && near !== wanted ? `did you mean ${near}? ` : ""}Its newest ` +
        `are ${known.slice(0, 5).join(", ")}`,
    },
  );
}

/** Files of the version that an alias points at in a place; null if nowhere. */
export async function bundleIn(
  registry: ModelRegistry,
  name: string,
  alias: AliasName,
): Promise<string | null> {
  return (await registry.alias(name, alias))?.bundle ?? null;
}
