/**
 * Values that the kernel loses. It hands over what a cell's last expression gives, but for
 * what JSON has no word for: null, NaN, infinities, −0 and big integers come as undefined.
 */

import { parseSync } from "oxc-parser";
import { askParser } from "../../pipeline/code/ask_parser.ts";
import { KEEP_VALUE } from "../kernel/prelude.ts";

/** The cells with their last expression given to what keeps its value; in as many lines. */
export function withKeptValues(cells: readonly string[]): Promise<string[]> {
  return askParser<readonly string[], string[]>(import.meta.url, cells);
}

/** The same, where the parser may be loaded. */
export function answer(cells: readonly string[]): string[] {
  return cells.map((source) => {
    const { program: { body }, errors } = parseSync("cell.ts", source, { sourceType: "module" });
    const last = body.at(-1);
    if (errors.length > 0 || last?.type !== "ExpressionStatement") return source;
    const { start, end } = last.expression;
    const [before, own, after] = [
      source.slice(0, start),
      source.slice(start, end),
      source.slice(end),
    ];
    return `${before}globalThis[Symbol.for("${KEEP_VALUE}")]((${own}))${after}`;
  });
}
