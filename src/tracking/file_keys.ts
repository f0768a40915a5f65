/**
 * Keys as paths of a folder. MLflow's file store keeps a key as the path of a
 * file, so that the folder `loss/` of the key `loss/total` and the file of the
 * key `loss` exclude each other, and a name has 255 bytes at the most. A key that
 * a file system cannot take gets a stand-in, a legal key that Python's MLflow
 * reads, and a tag that tells the key itself.
 */

import { ifPresent } from "../base/mod.ts";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import type { TextValues } from "./store.ts";

const LONGEST_NAME = 255;
/** Bytes of a key that its stand-in shows. */
const SHOWN = 180;
const tagPrefix = "dinoflow.key.";

/** Where a key is kept. */
export interface KeyPlace {
  /** The key that is the file's path. */
  readonly stored: string;
  /** Tags that tell the key itself where it is another. */
  readonly tags: TextValues;
}

/** Finds the place of a key in a folder of keys. */
export async function placeOfKey(folder: string, key: string): Promise<KeyPlace> {
  if (await obstacle(folder, key) === undefined) return { stored: key, tags: {} };
  const digest = createHash("sha256").update(key).digest("hex").slice(0, 12);
  const stored = `${cut(key.replaceAll("/", "."), SHOWN)}-${digest}`;
  return { stored, tags: { [tagPrefix + digest]: key } };
}

/** What keeps a path from being a file below `folder`; undefined if nothing does. */
export async function obstacle(
  folder: string,
  path: string,
): Promise<{ readonly path: string; readonly tooLong: boolean } | undefined> {
  const parts = path.split("/");
  const long = parts.find((part) => new TextEncoder().encode(part).length > LONGEST_NAME);
  if (long !== undefined) return { path: long, tooLong: true };
  for (let count = 1; count <= parts.length; count++) {
    const own = parts.slice(0, count).join("/");
    const info = await ifPresent(Deno.stat(join(folder, own)));
    if (info === undefined) return undefined;
    if (info.isDirectory === (count === parts.length)) return { path: own, tooLong: false };
  }
}

/** The keys themselves by their stand-ins' digests, and the tags without them. */
export function splitKeyTags(tags: TextValues): { keys: TextValues; tags: TextValues } {
  const own = (key: string) => key.startsWith(tagPrefix);
  const entries = Object.entries(tags);
  return {
    keys: Object.fromEntries(
      entries.filter(([key]) => own(key)).map(([key, value]) => [
        key.slice(tagPrefix.length),
        value,
      ]),
    ),
    tags: Object.fromEntries(entries.filter(([key]) => !own(key))),
  };
}

/** The key that is kept as `stored`. */
export function storedKey(stored: string, keys: TextValues): string {
  const digest = stored.slice(stored.lastIndexOf("-") + 1);
  return Object.hasOwn(keys, digest) ? keys[digest] : stored;
}

/** The start of a text, of so many bytes at the most. */
function cut(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text).subarray(0, bytes);
  // A letter that was cut in two is left out.
  return new TextDecoder().decode(encoded, { stream: true });
}
