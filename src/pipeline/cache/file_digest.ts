/** Digests of files from outside, remembered while the files stay as they are. */

import { digestOf, join, sha256File } from "../../base/mod.ts";
import { CLOCK_COARSENESS, SMALL, statIfPresent } from "../store/stat.ts";

/** What was seen of a file when it was last read. */
export interface SeenFile {
  readonly digest: string;
  readonly size: number;
  /** Times in milliseconds and the file's number: a file that changed differs in one. */
  readonly modifiedAt: number;
  readonly changedAt: number;
  readonly inode: number;
  /** When it was read. */
  readonly readAt: number;
}

/** Stands for the digest of what is not there. */
export const MISSING = "missing";

/** Digests files, reading only those that changed since they were last seen. */
export class FileDigests {
  readonly #seen: Map<string, SeenFile>;
  #learned = false;

  /** Takes what earlier runs have seen, by path. */
  constructor(seen: Readonly<Record<string, SeenFile>> = {}) {
    this.#seen = new Map(Object.entries(seen));
  }

  /** What to remember for later runs. */
  get seen(): Record<string, SeenFile> {
    return Object.fromEntries(this.#seen);
  }

  /** Whether something was learned that earlier runs did not know. */
  get learned(): boolean {
    return this.#learned;
  }

  /** The digest of a file's content, or of a folder's names and contents; `missing` for none. */
  async of(path: string): Promise<string> {
    const info = statIfPresent(path);
    if (info === undefined) return MISSING;
    return info.isDirectory ? await this.#folder(path) : await this.#file(path, info);
  }

  /** The digest of a file's content; `missing` where there is no file. */
  async ofFile(path: string): Promise<string> {
    const info = statIfPresent(path);
    return info === undefined || info.isDirectory ? MISSING : await this.#file(path, info);
  }

  async #file(path: string, info: Deno.FileInfo): Promise<string> {
    const now = {
      size: info.size,
      modifiedAt: info.mtime?.getTime() ?? 0,
      changedAt: info.ctime?.getTime() ?? 0,
      inode: info.ino ?? 0,
    };
    const seen = this.#seen.get(path);
    const same = seen !== undefined && seen.size === now.size &&
      seen.modifiedAt === now.modifiedAt && seen.changedAt === now.changedAt &&
      seen.inode === now.inode;
    const settled = same &&
      seen.readAt - Math.max(seen.modifiedAt, seen.changedAt) > CLOCK_COARSENESS;
    if (settled) return seen.digest;
    const readAt = Date.now();
    const digest = info.size <= SMALL
      ? await digestOf(await Deno.readFile(path))
      : await sha256File(path);
    this.#learned = true;
    this.#seen.set(path, { digest, readAt, ...now });
    return digest;
  }

  async #folder(path: string): Promise<string> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(path)) names.push(name);
    const lines: string[] = [];
    for (const name of names.sort()) lines.push(`${name} ${await this.of(join(path, name))}`);
    return await digestOf(`folder\n${lines.join("\n")}`);
  }
}
