/** Digests of files from outside, remembered while the files stay as they are. */

import { UserError } from "./errors.ts";
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

  /** Takes what earlier runs have seen, by path, and what stops a digest that takes long. */
  constructor(
    seen: Readonly<Record<string, SeenFile>> = {},
    private readonly signal?: AbortSignal,
  ) {
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

  /**
   * The digest of a file's content, or of a folder's names and contents; `missing` for none.
   *
   * @throws {UserError} for a pipe, a socket or a device, which may never end.
   */
  of(path: string): Promise<string> {
    return this.#of(path, []);
  }

  /** The same; `above` are the folders that it is in, so that a link back to one ends. */
  async #of(path: string, above: readonly string[]): Promise<string> {
    this.signal?.throwIfAborted();
    const info = statIfPresent(path);
    if (info === undefined) return MISSING_FILE;
    if (!info.isDirectory) return await this.#file(path, info);
    const own = placeOf(info);
    return above.includes(own) ? LINK_BACK : await this.#folder(path, [...above, own]);
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
    return this.#sign(path, []);
  }

  #sign(path: string, above: readonly string[]): string {
    const info = statIfPresent(path);
    if (info === undefined) return MISSING_FILE;
    const { size, mtime, ctime, ino, isDirectory } = info;
    const own = [isDirectory ? 0 : size, mtime?.getTime(), ctime?.getTime(), ino].join(" ");
    if (!isDirectory) return own;
    const place = placeOf(info);
    if (above.includes(place)) return LINK_BACK;
    const names = Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
    const inside = names.map((name) =>
      `${name} ${this.#sign(join(path, name), [...above, place])}`
    );
    return [own, ...inside].join("\n");
  }

  async #file(path: string, info: Deno.FileInfo): Promise<string> {
    const now = statOf(info);
    const seen = this.#seen.get(path);
    const settled = seen !== undefined && isSame(seen, now) &&
      seen.readAt - Math.max(seen.modifiedAt, seen.changedAt) > CLOCK_COARSENESS;
    if (settled) return seen.digest;
    if (!info.isFile) {
      throw new UserError(`Cannot read ${path}: it is a pipe, a socket or a device`, {
        next: "give a file or a folder of files",
      });
    }
    const readAt = Date.now();
    const digest = info.size <= SMALL_FILE
      ? await digestOf(await Deno.readFile(path))
      : await sha256File(path, this.signal);
    this.#learned = true;
    this.#seen.set(path, { digest, readAt, ...now });
    return digest;
  }

  async #folder(path: string, above: readonly string[]): Promise<string> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(path)) names.push(name);
    const lines: string[] = [];
    for (const name of names.sort()) {
      lines.push(`${name} ${await this.#of(join(path, name), above)}`);
    }
    return await digestOf(`folder\n${lines.join("\n")}`);
  }
}

/** Stands for a folder inside of itself. */
const LINK_BACK = "link back";

/** What a folder is known by, whatever path leads to it. */
const placeOf = ({ dev, ino }: Deno.FileInfo) => `${dev}:${ino}`;

type Stat = Omit<SeenFile, "digest" | "readAt">;

function statOf({ size, mtime, ctime, ino }: Deno.FileInfo): Stat {
  const time = (date: Date | null) => date?.getTime() ?? 0;
  return { size, modifiedAt: time(mtime), changedAt: time(ctime), inode: ino ?? 0 };
}

function isSame(a: Stat, b: Stat): boolean {
  return a.size === b.size && a.modifiedAt === b.modifiedAt && a.changedAt === b.changedAt &&
    a.inode === b.inode;
}
