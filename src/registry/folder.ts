/** Finding a version among those that a models folder holds. */

import { folderEntries, ModelError } from "../base/mod.ts";
import {
  aliasBundle,
  type Bundle,
  bundleName,
  latestBundle,
  namedModels,
  readBundle,
} from "./bundle.ts";
import { aliasNames } from "./contract.ts";
import { metadataSuffix } from "./metadata.ts";

/** A version as its file name tells it. */
export interface BundleName {
  /** What its files are called: the model's name, or its candidate's. */
  readonly model_name: string;
  /** Version, `YYYYMMDD_HHMMSS`. */
  readonly version: string;
}

/**
 * The versions of a models folder, newest first; none if there is no folder.
 */
export async function listBundles(folder: string): Promise<BundleName[]> {
  const names: BundleName[] = [];
  for (const { name } of await folderEntries(folder)) {
    const [, model_name, version] = /^(.+)_v_(\d{8}_\d{6})_metadata\.json$/.exec(name) ?? [];
    if (version !== undefined) names.push({ model_name, version });
  }
  return names.sort((a, b) => a.version < b.version ? 1 : -1);
}

/**
 * Finds a version.
 *
 * @param wanted `latest`, a version, a model's name (the version that was made its newest), or
 * both as `<name>_v_<version>`, or `<name>@champion` and `<name>@challenger`.
 * @throws {ModelError} if the folder holds none, naming what it holds.
 */
export async function findBundle(folder: string, wanted: string): Promise<Bundle> {
  if (wanted === "latest") return await latestBundle(folder);
  const alias = aliasNames.find((alias) => wanted.endsWith(`@${alias}`));
  if (alias !== undefined) {
    const name = wanted.slice(0, -alias.length - 1);
    const pointed = await aliasBundle(folder, name, alias);
    if (pointed !== undefined) return pointed;
    throw new ModelError(`Cannot find the ${alias} of "${name}" in ${folder}`, {
      next: `name one first: deno task models ${alias === "champion" ? "promote" : alias} ${name}`,
    });
  }
  if ((await namedModels(folder)).includes(wanted)) return await latestBundle(folder, wanted);
  const all = await listBundles(folder);
  const found = all.find(({ model_name, version }) =>
    [version, model_name, `${model_name}_v_${version}`].includes(wanted)
  );
  if (found === undefined) {
    const newest = all.slice(0, 5).map(({ model_name, version }) => `${model_name}_v_${version}`);
    throw new ModelError(
      `Cannot find model "${wanted}" in ${folder}: ` +
        (newest.length === 0 ? "it holds no models" : `its newest are ${newest.join(", ")}`),
      { next: all.length === 0 ? "train a model first" : "name a version, a model, or latest" },
    );
  }
  return await readBundle(folder, `${bundleName(found)}${metadataSuffix}`);
}
