/** Where in a cell's source an error lies: the kernel runs, and tells of, other code. */

import { SourceMap } from "node:module";
import { join } from "@std/path";
import { denoCommand } from "../../pipeline/mod.ts";
import { plainText } from "../kernel/process.ts";

/** What is known of a cell's source once it failed. */
export type CellSource =
  | { readonly readable: true; lineOf(line: number, column: number): number | undefined }
  | { readonly readable: false; readonly message: string; readonly line?: number };

/** What the kernel writes before a cell's first line. */
const PREFIX = '"use strict"; void 0;'.length;

/**
 * Translates the cell again as the kernel did, with a map back to its lines; for a
 * cell that cannot be read, the kernel says only that, and this says why.
 *
 * @param source Text of the cell.
 * @param folder Where temporary files may lie.
 */
export async function readCellSource(source: string, folder: string): Promise<CellSource> {
  const file = join(folder, "cell.ts");
  await Deno.writeTextFile(file, exportImports(source));
  const command = await denoCommand(
    ["transpile", "--quiet", "--no-check", "--no-config", "--source-map=inline", file],
    { env: { NO_COLOR: "1", RUST_BACKTRACE: "0" } },
  );
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => plainText(new TextDecoder().decode(bytes));
  if (!success) return unreadable(text(stderr));
  const encoded = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(text(stdout))?.[1];
  if (encoded === undefined) return { readable: true, lineOf: () => undefined };
  const map = new SourceMap(JSON.parse(decodeBase64(encoded)));
  return {
    readable: true,
    lineOf(line, column) {
      const entry = map.findEntry(line - 1, Math.max(0, column - 1 - (line === 1 ? PREFIX : 0)));
      return "originalLine" in entry ? entry.originalLine + 1 : undefined;
    },
  };
}

/**
 * The source with its imports as exports, which take as many lines: the translation drops
 * an import that nothing uses, and the kernel does not.
 */
function exportImports(source: string): string {
  return source.replaceAll(
    /^import\s+(?!type\b)(?:([\w$]+)\s*,?\s*)?(\{[^}]*\}|\*\s*as\s+[\w$]+)?\s*from\b/gm,
    (_, byDefault?: string, names?: string) => {
      if (byDefault === undefined) return `export ${names} from`;
      return `export { default as ${byDefault}, ${
        names?.startsWith("{") ? names.slice(1) : "}"
      } from`;
    },
  );
}

/** The last place in a stack that is in a cell; what is above it, the cell has called. */
export function placeInCell(
  stack: string,
): { readonly line: number; readonly column: number } | undefined {
  const found = [...stack.matchAll(/^\s+at .*?<anonymous>:(\d+):(\d+)\)?$/gm)].at(-1);
  return found && { line: Number(found[1]), column: Number(found[2]) };
}

function unreadable(stderr: string): CellSource {
  const message = /SyntaxError: (.*)/.exec(stderr)?.[1] ?? stderr.trim().split("\n")[0];
  const line = /cell\.ts:(\d+):\d+/.exec(stderr)?.[1];
  return { readable: false, message, ...line !== undefined && { line: Number(line) } };
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)));
}
