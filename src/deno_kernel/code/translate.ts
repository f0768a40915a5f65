/**
 * Cells as the engine evaluates them: without types, imports as awaited calls, what is
 * awaited in reach of a stop, and the value of the last expression kept. Lines stay lines.
 */

import { stripTypeScriptTypes } from "node:module";
import { askParser } from "../../base/mod.ts";
import { cellPrefix } from "./cell_script.ts";

/** A cell that is ready to be evaluated. */
export interface Translated {
  /** The script without its beginning and its name, which tell of the execution. */
  readonly script: string;
  /** Source map, as JSON, if lines did not stay. */
  readonly map?: string;
  /** The text of the cell. */
  readonly source: string;
}

/** A cell that cannot be read. */
export interface Unreadable {
  /** Why, as the parser says. */
  readonly message: string;
  /** The line in the cell, counted from 1. */
  readonly line?: number;
  /** What to do about it, if more can be said than to mend the line. */
  readonly next?: string;
  /** The text of the cell. */
  readonly source: string;
}

/** Cells, and the names that earlier cells have declared in a way that a declaration cannot change. */
export interface Rewriting {
  /** The texts of the cells. */
  readonly cells: readonly string[];
  readonly taken: readonly string[];
}

/** A cell after the parser: TypeScript still, or why it cannot be read. */
export type Rewritten = { readonly source: string } | { readonly unreadable: Fault };

/** Why a cell cannot be read. */
type Fault = Omit<Unreadable, "source">;

/** Translates cells, each for itself; names that are `taken` are given values instead of declared. */
export async function translateCells(
  cells: readonly string[],
  taken: readonly string[] = [],
): Promise<readonly (Translated | Unreadable)[]> {
  if (cells.length === 0) return [];
  const module = new URL("./rewrite_cells.ts", import.meta.url).href;
  const rewritten = await askParser<Rewriting, Rewritten[]>(module, { cells, taken });
  return rewritten.map((cell, i) => {
    const read = "unreadable" in cell ? cell.unreadable : withoutTypes(cell.source);
    return { ...read, source: cells[i] };
  });
}

/** The script of an execution: what starts it, the cell, what ends it unless it throws, and its name in stacks. */
export function scriptOf({ script }: Translated, cell: number, name: string): string {
  return `${cellPrefix(cell)}${script}\n;await __dinoflow.finish(${cell});\n//# sourceURL=${name}`;
}

function withoutTypes(source: string): Omit<Translated, "source"> | Fault {
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
    return {
      script,
      ...encoded !== undefined && { map: new TextDecoder().decode(Uint8Array.fromBase64(encoded)) },
    };
  } catch (error) {
    return unreadable(error as Error);
  }
}

function unreadable({ message }: Error): Fault {
  const line = /:(\d+):\d+/.exec(message)?.[1];
  const said = message.replace(/ at file:\/\/\S+/, "").split("\n")[0];
  return { message: said, ...line !== undefined && { line: Number(line) } };
}
