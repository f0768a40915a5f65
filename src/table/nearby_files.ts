/** Suggestions for a path that does not lead to a file. */

import { basename, dirname, join } from "@std/path";
import { nearestNames } from "../base/mod.ts";

/**
 * Files in the folder of `path` that it may have been meant to lead to, at most
 * three: first those that differ in the extension alone, then those whose names
 * are near.
 */
export async function nearbyFiles(path: string): Promise<string[]> {
  const wanted = basename(path);
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(dirname(path))) {
      if (isFile && !name.startsWith(".")) names.push(name);
    }
  } catch {
    return []; // The folder is missing or closed to us: nothing to suggest.
  }
  names.sort();
  const sameStem = names.filter((name) => stem(name) === stem(wanted));
  return [...new Set([...sameStem, ...nearestNames(wanted, names)])]
    .slice(0, 3)
    .map((name) => join(dirname(path), name));
}

function stem(name: string): string {
  return name.toLowerCase().replace(/(?<=.)\.[^.]*$/, "");
}
