/** What a page of Markdown shows to be run: fenced blocks, and commands of the project's tasks. */

/** A fenced block. */
export interface Block {
  readonly page: string;
  readonly line: number;
  /** The word after the fence, as `ts`. */
  readonly language: string;
  /** Why it cannot be run as it stands: what follows the language, as in ` ```sh not run: why `. */
  readonly notRun?: string;
  readonly text: string;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string, text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(?: not run: (.+))?\n([\s\S]*?)^```$/gm)].map((found) => ({
    page,
    line: text.slice(0, found.index).split("\n").length,
    language: found[1],
    notRun: found[2],
    text: found[3],
  }));
}

/** The commands of a page that start one of the project's tasks, without their comments. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/^ {4}(?:[A-Z_]+=\S+ )?(?:deno|npx -y deno@\S+) task (.+)$/gm)]
    .map(([, rest]) => rest.replace(/\s+# .*$/, "").trim());
}
