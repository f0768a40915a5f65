/** Whether a text can be run as it is, or goes on. */

import { parseSync } from "oxc-parser";
import { askParser } from "../../base/mod.ts";

/** As Jupyter has it: whether a cell is complete; how far its next line is to be indented. */
export type Completeness =
  | { readonly status: "complete" | "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Judges a text. */
export function completeness(source: string): Promise<Completeness> {
  return askParser<string, Completeness>(import.meta.url, source);
}

/** The same, if the parser may be loaded. */
export function answer(source: string): Completeness {
  const { errors } = parseSync("cell.ts", source, { sourceType: "module" });
  if (errors.length === 0) return { status: "complete" };
  const end = source.trimEnd().length;
  const [{ message, labels }] = errors;
  const start = labels[0]?.start ?? 0;
  // Comments and templates go on over lines, other texts do not.
  const open = /^Unterminated/.test(message) && /^(?:\/\*|`)/.test(source.slice(start));
  if (!open && !labels.some((label) => label.start >= end)) return { status: "invalid" };
  const last = source.split("\n").at(-1)!;
  const indent = /^\s*/.exec(last)![0] + (/[{([]\s*$/.test(last) ? "  " : "");
  return { status: "incomplete", indent };
}
