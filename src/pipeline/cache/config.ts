/** What deno.json says that may change what code does. */

import { digestOf, type FileDigests, MISSING_FILE } from "../../base/mod.ts";
import { findImportMap, type ImportMap } from "../../step_code/mod.ts";
import { findConfig } from "../process/find_config.ts";

/** What counts of a configuration, and the files that it was found out from. */
export interface KnownConfig {
  /** Digest of each file by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest of what counts. */
  readonly counts: string;
  /** What it says of imports that depends on who imports. */
  readonly importMap?: ImportMap;
}

/** Fields that are about something else than code that runs; imports count by what they name. */
const beside =
  /^(\$schema|tasks|fmt|lint|test|bench|publish|exclude|include|name|version|description|license|author|exports|imports|importMap)$/;

/** Compiler options that are about types alone. */
const aboutTypes =
  /^(strict\w*|no\w*|allow\w*|exact\w*|lib|types|skipLibCheck|checkJs|isolated\w*|erasable\w*)$/;

/** Reads the configuration that counts in a folder; `known` is taken if it still stands. */
export async function readProjectConfig(
  root: string,
  digests: FileDigests,
  known: KnownConfig | undefined,
): Promise<KnownConfig> {
  const path = findConfig(root);
  if (path === undefined) return { files: {}, counts: MISSING_FILE };
  const digestAll = async (paths: readonly string[]) =>
    Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await digests.ofFile(path)])),
    );
  if (known && Object.hasOwn(known.files, path)) {
    const now = await digestAll(Object.keys(known.files));
    if (Object.entries(known.files).every(([path, digest]) => now[path] === digest)) return known;
  }
  const importMap = await findImportMap(path);
  const files = await digestAll([path, ...importMap?.files ?? []]);
  const text = countingText(await Deno.readTextFile(path));
  const counts = await digestOf(importMap ? JSON.stringify([text, importMap.scopes]) : text);
  return { files, counts, ...importMap && { importMap } };
}

/** All of it if it has comments: then no more is certain. */
function countingText(text: string): string {
  let config: { compilerOptions?: object | null };
  try {
    config = JSON.parse(text);
  } catch {
    return text; // nothing else is wrong with what Deno has read
  }
  const { compilerOptions, ...rest } = config;
  const counting = (fields: object, left: RegExp) =>
    Object.entries(fields).filter(([name]) => !left.test(name)).sort();
  return JSON.stringify([counting(rest, beside), counting(compilerOptions ?? {}, aboutTypes)]);
}
