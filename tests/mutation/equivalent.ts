/** Mutants of which `equivalent.txt` says that they change nothing that could be noticed. */

import { join } from "@std/path";
import { root } from "../tree_copy.ts";

/** A text on one line, however it is broken. */
export const plain = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** What stands in a file, and what would stand there. */
export async function readEquivalent(): Promise<{ file: string; before: string; after: string }[]> {
  const text = await Deno.readTextFile(join(root, "tests/mutation/equivalent.txt"));
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [file, before, after, why] = line.split(" | ");
      if (!why?.trim()) throw new Error(`Cannot read equivalent.txt: "${line}" gives no reason`);
      return { file, before: plain(before), after: plain(after) };
    });
}
