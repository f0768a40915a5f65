/** Digests of files from outside, remembered while the files stay as they are. */

import { digestOf, sha256File } from "./hash.ts";
import { join } from "./path.ts";
import { CLOCK_COARSENESS, SMALL_FILE, statIfPresent } from "./stat.ts";

/** What was seen of a file when it was last read. */
export interface SeenFile {
  /** SHA-256 of its content. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Times in milliseconds and the file's number: a file that changed differs in one. */
  readonly modifiedAt: number;
  /** When the file system's entry changed. */
  readonly changedAt: number;
  /** The file's number. */
  readonly inode: number;
  /** When it was read. */
  readonly readAt: number;
}

/** Stands for the digest of what is not there. */
export const MISSING_FILE = "missing";

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
    if (info === undefined) return MISSING_FILE;
    return info.isDirectory ? await this.#folder(path) : await this.#file(path, info);
  }

  /** The digest of a file's content; `missing` if there is no file. */
  async ofFile(path: string): Promise<string> {
    const info = statIfPresent(path);
    return info === undefined || info.isDirectory ? MISSING_FILE : await this.#file(path, info);
  }

  /** Whether a file is as it was when it was last digested. */
  isAsSeen(path: string): boolean {
    const [seen, info] = [this.#seen.get(path), statIfPresent(path)];
    if (seen === undefined || info === undefined) return seen === undefined && info === undefined;
    return isSame(seen, statOf(info));
  }

  /** Whether a file had been changed between a time and when it was digested. */
  isSeenAfter(path: string, time = Infinity): boolean {
    const seen = this.#seen.get(path);
    if (seen === undefined) return false;
    // A time that has not come yet was set by somebody, or by another clock.
    return [seen.modifiedAt, seen.changedAt].some((at) => at > time && at <= seen.readAt);
  }

  /**
   * What the file system says of a path and all below it: different once something was
   * changed, even if it was changed back. It may not be seen of what happens within moments.
   */
  sign(path: string): string {
    const info = statIfPresent(path);
    if (info === undefined) return MISSING_FILE;
    const { size, mtime, ctime, ino, isDirectory } = info;
    const own = [isDirectory ? 0 : size, mtime?.getTime(), ctime?.getTime(), ino].join(" ");
    if (!isDirectory) return own;
    const names = Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
    return [own, ...names.map((name) => `${name} ${this.sign(join(path, name))}`)].join("\n");
  }

  async #file(path: string, info: Deno.FileInfo): Promise<string> {
    const now = statOf(info);
    const seen = this.#seen.get(path);
    const settled = seen !== undefined && isSame(seen, now) &&
      seen.readAt - Math.max(seen.modifiedAt, seen.changedAt) > CLOCK_COARSENESS;
    if (settled) return seen.digest;
    const readAt = Date.now();
    const digest = info.size <= SMALL_FILE
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

type Stat = Omit<SeenFile, "digest" | "readAt">;

function statOf({ size, mtime, ctime, ino }: Deno.FileInfo): Stat {
  const time = (date: Date | null) => date?.getTime() ?? 0;
  return { size, modifiedAt: time(mtime), changedAt: time(ctime), inode: ino ?? 0 };
}

function isSame(a: Stat, b: Stat): boolean {
  return a.size === b.size && a.modifiedAt === b.modifiedAt && a.changedAt === b.changedAt &&
    a.inode === b.inode;
}
