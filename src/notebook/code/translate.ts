/**
 * Cells as the engine evaluates them: without types, imports as awaited calls, what is
 * awaited in reach of a stop, and the value of the last expression kept. Lines stay lines.
 */

import { stripTypeScriptTypes } from "node:module";
import { askParser } from "../../pipeline/code/ask_parser.ts";
import { cellPrefix } from "./cell_script.ts";

/** A cell that is ready to be evaluated. */
export interface Translated {
  /** The script without its beginning and its name, which tell of the execution. */
  readonly script: string;
  /** Source map, as JSON, if lines did not stay. */
  readonly map?: string;
}

/** A cell that cannot be read. */
export interface Unreadable {
  /** Why, as the parser says. */
  readonly message: string;
  /** The line in the cell, counted from 1. */
  readonly line?: number;
}

/** A cell after the parser: TypeScript still, or why it cannot be read. */
export type Rewritten = { readonly source: string } | { readonly unreadable: Unreadable };

/** Translates cells, each for itself. */
export async function translateCells(
  cells: readonly string[],
): Promise<readonly (Translated | Unreadable)[]> {
  if (cells.length === 0) return [];
  const module = new URL("./rewrite_cells.ts", import.meta.url).href;
  const rewritten = await askParser<readonly string[], Rewritten[]>(module, cells);
  return rewritten.map((cell) =>
    "unreadable" in cell ? cell.unreadable : withoutTypes(cell.source)
  );
}

/** The script of an execution: what starts it, the cell, and its name in stacks. */
export function scriptOf({ script }: Translated, cell: number, name: string): string {
  return `${cellPrefix(cell)}${script}\n//# sourceURL=${name}`;
}

function withoutTypes(source: string): Translated | Unreadable {
  try {
    return { script: stripTypeScriptTypes(source, { mode: "strip" }) };
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
      return unreadable(error as Error);
    }
  }
  try {
    // Enumerations, namespaces and parameter properties become code of other lines.
    // The types of Node that packages bring along may know one mode only; Deno has both.
    const transform = { mode: "transform", sourceMap: true } as object;
    const text = stripTypeScriptTypes(source, transform);
    const [, encoded] =
      /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(text) ??
        [];
    const script = text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "");
    return { script, ...encoded !== undefined && { map: decodeBase64(encoded) } };
  } catch (error) {
    return unreadable(error as Error);
  }
}

function unreadable({ message }: Error): Unreadable {
  const line = /:(\d+):\d+/.exec(message)?.[1];
  const said = message.replace(/ at file:\/\/\S+/, "").split("\n")[0];
  return { message: said, ...line !== undefined && { line: Number(line) } };
}

function decodeBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(text));
}
