/** Names of columns where a text is being written. */

/** Completions as a front end has them. */
interface Completed {
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata?: unknown;
}

/**
 * Where the text begins that is open at a place of its line, in characters as Jupyter counts
 * them; undefined if none is, or one that is imported from.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(openText('pl.col("Mon', 11), { start: 8, begun: "Mon" });
 * assertEquals(openText("pl.col(", 7), undefined);
 * ```
 */
export function openText(
  code: string,
  cursor: number,
): { readonly start: number; readonly begun: string } | undefined {
  const before = [...code].slice(0, cursor);
  const first = before.lastIndexOf("\n") + 1;
  const line = before.slice(first);
  if (/^\s*(?:import|export)\b|\b(?:from|import)\s*\(?\s*["'`][^"'`]*$/.test(line.join(""))) return;
  let quote: string | undefined;
  let start = 0;
  for (let i = 0; i < line.length; i++) {
    if (quote === undefined) {
      if (line[i] === "/" && line[i + 1] === "/") return undefined;
      if (/["'`]/.test(line[i])) [quote, start] = [line[i], i + 1];
    } else if (line[i] === "\\") i++;
    else if (line[i] === quote) quote = undefined;
  }
  if (quote === undefined) return undefined;
  return { start: first + start, begun: line.slice(start).join("") };
}

/** Completions with the columns that a text may mean, which come first. */
export function withColumns(
  found: Completed,
  columns: readonly string[],
  code: string,
  cursor: number,
): Completed {
  const text = openText(code, cursor);
  const begun = text?.begun.toLowerCase() ?? "";
  const names = text === undefined
    ? []
    : columns.filter((name) => name.toLowerCase().startsWith(begun));
  if (text === undefined || names.length === 0) return found;
  const span = { start: text.start, end: cursor };
  return {
    matches: names,
    cursor_start: text.start,
    cursor_end: cursor,
    metadata: {
      _jupyter_types_experimental: names.map((name) => ({ ...span, text: name, type: "column" })),
    },
  };
}
