/** Finds the configuration that Deno uses. */

import { dirname, fromFileUrl, join, resolve, statIfPresent } from "../../base/mod.ts";

/** The configuration that counts in `folder`: of it, of a folder above it, or of the runner. */
export function findConfig(folder: string): string | undefined {
  const here = import.meta.url.startsWith("file:")
    ? [fromFileUrl(new URL(".", import.meta.url))]
    : [];
  for (const start of [resolve(folder), ...here]) {
    for (let at = start;; at = dirname(at)) {
      for (const name of ["deno.json", "deno.jsonc"]) {
        const path = join(at, name);
        if (statIfPresent(path)?.isFile) return path;
      }
      if (dirname(at) === at) break;
    }
  }
}
