/** A models folder as a registry: versions are files, an alias is a pointer beside them. */

import { basename, join } from "@std/path";
import { ifPresent, isFileInUse, ModelError, removeIfPresent } from "../base/mod.ts";
import { appendAudit, type AuditEntry, readAudit } from "./audit.ts";
import {
  aliasBundle,
  type Bundle,
  bundleName,
  dropAlias,
  nameOf,
  pointAt,
  readBundle,
  readModel,
} from "./bundle.ts";
import {
  type AliasName,
  aliasNames,
  type AliasState,
  type ListedVersion,
  type ModelRegistry,
  type ReadModel,
} from "./contract.ts";
import { listBundles } from "./folder.ts";
import { type Deployment, metadataSuffix } from "./metadata.ts";

/** Folder below a models folder that takes versions out of use. */
const ARCHIVE = "archived";

/** A version with where it is. */
interface Kept {
  readonly bundle: Bundle;
  readonly archived: boolean;
}

/** The registry that a models folder is. */
export class FolderRegistry implements ModelRegistry {
  /** Takes the folder; it need not exist. */
  constructor(readonly folder: string) {}

  /** The folder. */
  get place(): string {
    return this.folder;
  }

  /** The names that versions tell. */
  async names(): Promise<readonly string[]> {
    const kept = await this.#all();
    return [...new Set(kept.map(({ bundle }) => nameOf(bundle.metadata)))].sort();
  }

  /** Versions of a model, those in the archive too. */
  async versions(name: string): Promise<readonly ListedVersion[]> {
    const aliases = await Promise.all(aliasNames.map(async (alias) => ({
      alias,
      version: (await aliasBundle(this.folder, name, alias))?.metadata.version,
    })));
    const kept = await this.#all();
    return kept.filter(({ bundle }) => nameOf(bundle.metadata) === name)
      .map(({ bundle: { metadata }, archived }) => ({
        version: metadata.version,
        bundle: bundleName(metadata),
        createdAt: metadata.timestamp,
        runId: metadata.run_id,
        stage: archived ? "archived" : "",
        aliases: aliases.filter(({ version }) => version === metadata.version)
          .map(({ alias }) => alias),
        metrics: metadata.metrics,
      }));
  }

  /** Where a pointer points. */
  async alias(name: string, alias: AliasName): Promise<AliasState | undefined> {
    const found = await aliasBundle(this.folder, name, alias);
    if (found === undefined) return undefined;
    const { metadata, deployment } = found;
    return {
      version: metadata.version,
      bundle: bundleName(metadata),
      ...deployment && { deployment },
    };
  }

  /** Reads a version; see {@linkcode ModelRegistry.read}. */
  async read(name: string, version: string): Promise<ReadModel> {
    const { bundle } = await this.#find(name, version);
    return { metadata: bundle.metadata, file: await readModel(bundle) };
  }

  /** Writes or removes the pointer, in one rename. */
  async point(
    name: string,
    alias: AliasName,
    to: { readonly version: string; readonly deployment?: Deployment } | undefined,
  ): Promise<void> {
    if (to === undefined) return await dropAlias(this.folder, name, alias);
    const { bundle, archived } = await this.#find(name, to.version);
    if (archived) {
      throw new ModelError(`Cannot make ${bundleName(bundle.metadata)} the ${alias}: archived`, {
        next: `take it back first: deno task models archive ${name} ${to.version} --undo`,
      });
    }
    await pointAt(bundle, alias, to.deployment);
  }

  /** Appends a line to `audit.jsonl`. */
  async record(entry: AuditEntry): Promise<void> {
    const known = await readAudit(this.folder);
    if (known.some(({ id }) => id === entry.id)) return;
    await appendAudit(this.folder, entry);
  }

  /** Lines of `audit.jsonl`. */
  async history(name: string): Promise<readonly AuditEntry[]> {
    return (await readAudit(this.folder)).filter((entry) => entry.name === name);
  }

  /**
   * Moves the files to `archived/` or back. The metadata go first and come last, so that no
   * list ever shows a version without its model.
   */
  async archive(name: string, version: string, archived: boolean): Promise<void> {
    const kept = await this.#find(name, version);
    const target = archived ? join(this.folder, ARCHIVE) : this.folder;
    await Deno.mkdir(target, { recursive: true });
    const paths = [kept.bundle.metadataPath, kept.bundle.modelPath];
    for (const path of archived ? paths : paths.toReversed()) {
      const to = join(target, basename(path));
      if (path !== to) await Deno.rename(path, to);
    }
    // A move that was interrupted left the model where it was.
    const left = join(archived ? this.folder : join(this.folder, ARCHIVE), basename(paths[1]));
    await ifPresent(Deno.rename(left, join(target, basename(left))));
  }

  /** Removes both files, the metadata first: what is left is no version. */
  async remove(name: string, version: string): Promise<void> {
    const { bundle } = await this.#find(name, version);
    await removeIfPresent(bundle.metadataPath);
    const model = basename(bundle.modelPath);
    for (const folder of [this.folder, join(this.folder, ARCHIVE)]) {
      await removeIfPresent(join(folder, model));
    }
  }

  /** Servers lock the metadata of what they hold; see `useFile`. */
  async isServed(name: string, version: string): Promise<boolean> {
    const { bundle } = await this.#find(name, version);
    return isFileInUse(bundle.metadataPath);
  }

  /** All versions, newest first. A file that is no metadata stops nobody from seeing the others. */
  async #all(): Promise<Kept[]> {
    const kept: Kept[] = [];
    for (const archived of [false, true]) {
      const folder = archived ? join(this.folder, ARCHIVE) : this.folder;
      for (const name of await listBundles(folder)) {
        try {
          const bundle = await readBundle(folder, `${bundleName(name)}${metadataSuffix}`);
          kept.push({ bundle, archived });
        } catch (error) {
          if (!(error instanceof ModelError)) throw error;
        }
      }
    }
    return kept.sort((a, b) => a.bundle.metadata.version < b.bundle.metadata.version ? 1 : -1);
  }

  async #find(name: string, version: string): Promise<Kept> {
    const kept = (await this.#all()).filter(({ bundle }) => nameOf(bundle.metadata) === name);
    const found = kept.find(({ bundle }) => bundle.metadata.version === version);
    if (found !== undefined) return found;
    // Metadata that cannot be read are in no list; whoever asks for them hears why.
    const broken = (await listBundles(this.folder)).find((one) => one.version === version);
    if (broken !== undefined) {
      await readBundle(this.folder, `${bundleName(broken)}${metadataSuffix}`);
    }
    throw new ModelError(`Cannot find version ${version} of ${name} in ${this.folder}`, {
      next: `look at what there is: deno task models list ${name}`,
    });
  }
}
