/**
 * Files by which DVC names a version of data, `train.csv.dvc`: read and written
 * (https://dvc.org/doc/user-guide/project-structure/dvc-files).
 */

import { parse, stringify } from "@std/yaml";
import { DataError } from "../base/mod.ts";

/** What a file of DVC says of one file or folder. */
export interface TrackedOutput {
  /** MD5 of its content, as hexadecimal digits; of a folder with `.dir` at the end. */
  readonly md5: string;
  /** Bytes. */
  readonly size?: number;
  /** Name beside the file of DVC. */
  readonly path: string;
  /** SHA-256 of its content, as models tell it, if that was noted for this very content. */
  readonly sha256?: string;
}

interface Output {
  md5?: unknown;
  size?: unknown;
  path?: unknown;
  hash?: unknown;
  meta?: unknown;
}

/**
 * The outputs that the text of a file of DVC names.
 *
 * @param file Its path, for messages.
 * @throws {DataError} if it is no such file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const md5 = "f69f5b72bc79a92dc70c63c9aa142e36";
 * const text = `outs:\n- md5: ${md5}\n  size: 4\n  hash: md5\n  path: train.csv\n`;
 * assertEquals(parseDvcFile(text, "train.csv.dvc"), [{ md5, size: 4, path: "train.csv" }]);
 * ```
 */
export function parseDvcFile(text: string, file: string): TrackedOutput[] {
  const { outs } = document(text, file);
  return outs.flatMap(({ md5, size, path, meta }) => {
    // Of other systems' outputs, as of a bucket, there is an etag instead.
    if (typeof md5 !== "string" || typeof path !== "string") return [];
    const noted = meta as { sha256?: unknown; sha256_of?: unknown } | null | undefined;
    // DVC keeps notes when the content changes.
    const stands = noted?.sha256_of === md5 && typeof noted.sha256 === "string";
    return [{
      md5,
      ...typeof size === "number" && { size },
      path,
      ...stands && { sha256: noted.sha256 as string },
    }];
  });
}

/**
 * The text of a file of DVC for one file; of an earlier text all that is not about its content
 * stays, as a description.
 */
export function dvcFileText(
  { md5, size, path, sha256 }: Required<TrackedOutput>,
  earlier?: { readonly text: string; readonly file: string },
): string {
  const known = earlier === undefined ? { outs: [] } : document(earlier.text, earlier.file);
  const before = known.outs.find((out) => out.path === path);
  const meta = { ...before?.meta as object, sha256, sha256_of: md5 };
  const out = { ...before, md5, size, hash: "md5", meta, path };
  const others = known.outs.filter((out) => out.path !== path);
  return stringify({ ...known, outs: [...others, out] }, { lineWidth: -1 });
}

function document(text: string, file: string): { outs: Output[] } {
  let found: unknown;
  try {
    found = parse(text);
  } catch (cause) {
    throw new DataError(`Cannot read ${file}: it is no YAML`, {
      cause,
      next: "take it from git again, or write it anew: deno task data add FILE",
    });
  }
  const outs = (found as { outs?: unknown } | null)?.outs;
  if (!Array.isArray(outs) || outs.some((out) => typeof out !== "object" || out === null)) {
    throw new DataError(`Cannot read ${file}: it has no list "outs", as files of DVC have`, {
      next: "write it anew: deno task data add FILE",
    });
  }
  return found as { outs: Output[] };
}
