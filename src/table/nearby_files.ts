/** Suggestions for a path that does not lead to a file. */

import { basename, dirname, join } from "@std/path";

/**
 * Files in the folder of `path` whose names are close to its name, closest
 * first, at most three: at most a third of the letters differ, or only the
 * extension does.
 */
export async function nearbyFiles(path: string): Promise<string[]> {
  const wanted = basename(path).toLowerCase();
  const scored: { path: string; distance: number }[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(dirname(path))) {
      if (!isFile || name.startsWith(".")) continue;
      const found = name.toLowerCase();
      const distance = stem(found) === stem(wanted) ? 0 : editDistance(found, wanted);
      if (distance <= wanted.length / 3) scored.push({ path: join(dirname(path), name), distance });
    }
  } catch {
    return []; // The folder is missing or closed to us: nothing to suggest.
  }
  scored.sort((a, b) => a.distance - b.distance || (a.path < b.path ? -1 : 1));
  return scored.slice(0, 3).map(({ path }) => path);
}

function stem(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, "");
}

/** Levenshtein distance: the fewest letters to add, drop or change. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(changed, above[j] + 1, current[j - 1] + 1));
    }
    above = current;
  }
  return above[b.length];
}
