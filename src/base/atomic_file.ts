/** Files that appear whole or not at all: written beside the target, then renamed. */

import { UserError } from "./errors.ts";
import { ifPresent } from "./if_present.ts";
import { basename, dirname } from "./path.ts";

/** Up to so many bytes, writing at once is quicker than handing it to another thread. */
const SMALL = 64 * 1024;
/** Letters of a file's name that its temporary name keeps, of up to 4 bytes each. */
const LONGEST_KEPT = 60;

/**
 * Writes `content` to `path` so that a reader sees the old file or the new one,
 * never a part. Missing folders are made.
 *
 * @throws {Deno.errors.PermissionDenied} if the folder cannot be written; no
 * temporary file is left behind.
 * @throws {UserError} if the disk is full, or read-only.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = temporaryPath(path);
  const write = async () => {
    if (bytes.length <= SMALL) Deno.writeFileSync(temporary, bytes);
    else await Deno.writeFile(temporary, bytes);
  };
  try {
    await write().catch(async (error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await Deno.mkdir(dirname(path), { recursive: true });
      await write();
    });
    Deno.renameSync(temporary, path);
  } catch (error) {
    await removeIfPresent(temporary);
    throw inWords(error, path);
  }
}

/**
 * Writes `content` to `path`, which must not exist: of two writers at once, one
 * succeeds and the other is told.
 *
 * @throws {Deno.errors.AlreadyExists} if there is a file of that name; it is
 * left as it is.
 * @throws {UserError} if the disk is full, or read-only.
 */
export async function writeNewFileAtomic(path: string, content: Uint8Array): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(temporary, content, { createNew: true });
    // Unlike a rename, a link never takes the place of another file.
    await Deno.link(temporary, path);
  } catch (error) {
    throw inWords(error, path);
  } finally {
    await removeIfPresent(temporary);
  }
}

const fullDisk = "make room on its disk, or write elsewhere, then do it again";
/** What to do where a disk takes nothing, by the system's code. */
const nexts: Readonly<Record<string, string>> = {
  ENOSPC: fullDisk,
  EDQUOT: fullDisk,
  EROFS: "write elsewhere, or have its disk mounted for writing",
};

/** What the system says of a disk that takes nothing, in words; else the error itself. */
function inWords(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: string; message: string };
  const next = nexts[code ?? ""];
  if (next === undefined) return error;
  return new UserError(`Cannot write ${path}: ${message.split(":")[0]}`, { next, cause: error });
}

/** A name beside `path` that no other process uses, for writing before a rename. */
export function temporaryPath(path: string): string {
  // File systems take names of 255 bytes; a long one must not become too long by this.
  const name = basename(path);
  const kept = path.slice(0, path.length - Math.max(0, name.length - LONGEST_KEPT));
  return `${kept}.tmp-${crypto.randomUUID().slice(0, 8)}`;
}

/** Removes a file or folder; one that is not there is no error. */
export async function removeIfPresent(path: string): Promise<void> {
  await ifPresent(Deno.remove(path, { recursive: true }));
}
