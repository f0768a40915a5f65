/** How long log files stay. */

import { join } from "@std/path";
import { ifPresent, removeIfPresent } from "../base/mod.ts";
import { parseFileName } from "./file_name.ts";

/** Which files stay. */
export interface Retention {
  /** Folder of the files; it is made if it is missing. */
  readonly folder: string;
  /** What the files hold: the start of their names, small letters. */
  readonly kind: string;
  /** Days after its last line that a file is kept. */
  readonly maxAgeDays: number;
  /** Bytes of all files of this kind together; the oldest go first. */
  readonly maxTotalBytes: number;
}

const dayMs = 86_400_000;

/**
 * Removes the files of one kind whose last line is too old, and the oldest
 * ones while all together are too large. Files of other kinds and whatever
 * else lies in the folder stay.
 */
export async function removeOld(
  { folder, kind, maxAgeDays, maxTotalBytes }: Retention,
  now: Date,
): Promise<void> {
  const files: { path: string; bytes: number; changed: number }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (parseFileName(name)?.kind !== kind) continue;
    const path = join(folder, name);
    // Another server of the same folder may have removed the file by now.
    const found = await ifPresent(Deno.stat(path));
    if (found === undefined) continue;
    files.push({ path, bytes: found.size, changed: found.mtime?.getTime() ?? now.getTime() });
  }
  files.sort((a, b) => b.changed - a.changed);
  let total = 0;
  for (const { path, bytes, changed } of files) {
    total += bytes;
    const old = now.getTime() - changed > maxAgeDays * dayMs;
    if (old || total > maxTotalBytes) await removeIfPresent(path);
  }
}
