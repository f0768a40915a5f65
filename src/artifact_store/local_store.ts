/** A store in a folder: each key is a file. */

import {
  CLOCK_COARSENESS,
  isAbsent,
  join,
  type LockAnswer,
  removeIfPresent,
  SMALL_FILE,
  statIfPresent,
  tryFileLock,
  writeFileAtomic,
} from "../base/mod.ts";
import type { ArtifactStore, StoredEntry } from "./store.ts";

/** A temporary file of a writer that was killed; no writer takes this long. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/** Keeps values as files below a folder, each written beside its place and renamed. */
export class LocalStore implements ArtifactStore {
  /** The folder. */
  readonly folder: string;

  /** Takes the folder; it is made when something is written. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Size, times and number of the file. What was written within the last seconds has none:
   * a change right after it might leave all of them the same.
   */
  sign(key: string): string | undefined {
    const found = statIfPresent(this.path(key));
    if (found === undefined) return undefined;
    const { size, mtime, ctime, ino } = found;
    const [modified, changed] = [mtime?.getTime() ?? 0, ctime?.getTime() ?? 0];
    const settled = Date.now() - Math.max(modified, changed) > CLOCK_COARSENESS;
    return settled ? `${size} ${modified} ${changed} ${ino}` : undefined;
  }

  /** The value of `key`; undefined if there is none. */
  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const path = this.path(key);
      const { size } = Deno.statSync(path);
      return size <= SMALL_FILE ? Deno.readFileSync(path) : await Deno.readFile(path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** Whether there is a value. */
  has(key: string): Promise<boolean> {
    return Promise.resolve(statIfPresent(this.path(key)) !== undefined);
  }

  /** Sets the value of `key`. */
  async write(key: string, value: Uint8Array): Promise<void> {
    await writeFileAtomic(this.path(key), value);
  }

  /** Removes `key`, and folders that this leaves empty but for those at the top. */
  async remove(key: string): Promise<void> {
    await removeIfPresent(this.path(key));
    const names = key.split("/");
    try {
      for (let depth = names.length - 1; depth > 1; depth--) {
        Deno.removeSync(this.path(names.slice(0, depth).join("/")));
      }
    } catch {
      // The folder holds something else, or a writer is about to use it.
    }
  }

  /** Everything whose key starts with `prefix`, in the order of the keys. */
  async *list(prefix: string): AsyncIterable<StoredEntry> {
    yield* this.#listFolder(prefix);
  }

  /** Takes the lock on a key, the operating system's on its file, or tells who has it. */
  tryLock(key: string, what: string): LockAnswer {
    return tryFileLock(this.path(key), what);
  }

  /** The file of `key`. */
  path(key: string): string {
    if (!/^[\w.@%=-]+(\/[\w.@%=-]+)*$/.test(key) || key.split("/").includes("..")) {
      throw new Error(`Cannot store under the key "${key}"`);
    }
    return `${this.folder}/${key}`;
  }

  async *#listFolder(prefix: string): AsyncIterable<StoredEntry> {
    const entries: Deno.DirEntry[] = [];
    try {
      entries.push(...Deno.readDirSync(join(this.folder, prefix)));
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    entries.sort((a, b) => a.name < b.name ? -1 : 1);
    for (const { name, isDirectory } of entries) {
      if (isDirectory) {
        yield* this.#listFolder(`${prefix}${name}/`);
        continue;
      }
      const info = statIfPresent(join(this.folder, prefix, name));
      if (info === undefined) continue;
      const writtenAt = info.mtime?.getTime() ?? 0;
      if (!name.includes(".tmp-")) yield { key: `${prefix}${name}`, size: info.size, writtenAt };
      else if (Date.now() - writtenAt > ABANDONED_AFTER) {
        await removeIfPresent(join(this.folder, prefix, name));
      }
    }
  }
}
