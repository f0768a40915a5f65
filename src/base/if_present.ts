/** Files that may not be there. */

/**
 * What reading a file gives; undefined if there is no such file.
 *
 * @throws whatever else the reading throws.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(await ifPresent(Deno.readTextFile("no-such-file")), undefined);
 * ```
 */
export async function ifPresent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What is in a folder; nothing if there is no such folder. */
export async function folderEntries(folder: string): Promise<Deno.DirEntry[]> {
  return await ifPresent(Array.fromAsync(Deno.readDir(folder))) ?? [];
}
