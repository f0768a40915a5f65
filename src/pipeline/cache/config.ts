/** What deno.json says that may change what code does. */

import { digestOf } from "../../base/mod.ts";
import { findConfig } from "../process/find_config.ts";
import { type FileDigests, MISSING } from "../store/file_digest.ts";

/** What counts of a configuration, and the file that it was found out from. */
export interface KnownConfig {
  /** Digest of the whole file. */
  readonly file: string;
  /** Digest of what counts. */
  readonly counts: string;
}

/** Fields that are about something else than code that runs; imports count by what they name. */
const beside =
  /^(\$schema|tasks|fmt|lint|test|bench|publish|exclude|include|name|version|description|license|author|exports|imports|importMap)$/;

/** Compiler options that are about types alone. */
const aboutTypes =
  /^(strict\w*|no\w*|allow\w*|exact\w*|lib|types|skipLibCheck|checkJs|isolated\w*|erasable\w*)$/;

/** Reads the configuration that counts in a folder; `known` is taken where it still stands. */
export async function readConfig(
  root: string,
  digests: FileDigests,
  known: KnownConfig | undefined,
): Promise<KnownConfig> {
  const path = findConfig(root);
  const file = path === undefined ? MISSING : await digests.ofFile(path);
  if (known?.file === file) return known;
  if (path === undefined) return { file, counts: MISSING };
  return { file, counts: await digestOf(countingText(await Deno.readTextFile(path))) };
}

/** All of it where it has comments: then no more is certain. */
function countingText(text: string): string {
  try {
    const { compilerOptions = {}, ...rest } = JSON.parse(text) as Record<string, object>;
    const counting = (fields: object, left: RegExp) =>
      Object.entries(fields).filter(([name]) => !left.test(name)).sort();
    return JSON.stringify([counting(rest, beside), counting(compilerOptions, aboutTypes)]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}
