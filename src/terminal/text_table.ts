/** Tables of text, as wide as the terminal at most. */

const GAP = "  ";

/** A column that is cut keeps so many characters if it has them. */
const LEAST = 16;

/** Rows as lines with their columns one below the other; the first row is the head. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(rows);
  return rows.map((row) => `${row.map((cell, j) => cell.padEnd(widths[j])).join(GAP).trimEnd()}\n`)
    .join("");
}

/** What a table gives up where it is wider than the terminal. */
export interface Flexible {
  /** Heads of the columns whose cells are cut; the widest first. */
  readonly cut: readonly string[];
  /** Heads of the columns that are left out if cutting is not enough, in this order. */
  readonly leaveOut: readonly string[];
}

/**
 * A table of lines that do not wrap.
 *
 * @param columns Width of the terminal in characters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = [["RUN", "COMMIT", "PARAMS"], ["train_1", "0123456789ab", "folds=5 models=elsewhere"]];
 * assertEquals(
 *   fittedTable(rows, 28, { cut: ["PARAMS"], leaveOut: ["COMMIT"] }),
 *   "RUN      PARAMS\ntrain_1  folds=5 models=els…\n",
 * );
 * ```
 */
export function fittedTable(
  rows: readonly (readonly string[])[],
  columns: number,
  { cut, leaveOut }: Flexible,
): string {
  let kept = rows;
  let widths = shrunk(kept, columns, cut);
  for (const head of leaveOut) {
    if (lineWidth(widths) <= columns) break;
    const index = kept[0].indexOf(head);
    kept = kept.map((row) => row.toSpliced(index, 1));
    widths = shrunk(kept, columns, cut);
  }
  const fitted = kept.map((row) => row.map((cell, j) => cutText(cell, widths[j])));
  return textTable(fitted).replaceAll(/.+/g, (line) => cutText(line, columns));
}

/** Widths of the columns; those that are cut share what the others leave, as evenly as they can. */
function shrunk(
  rows: readonly (readonly string[])[],
  columns: number,
  cut: readonly string[],
): number[] {
  const widths = widthsOf(rows);
  const elastic = cut.map((head) => rows[0].indexOf(head));
  while (elastic.length > 0 && lineWidth(widths) > columns) {
    const widest = elastic.reduce((a, b) => widths[b] > widths[a] ? b : a);
    if (widths[widest] <= LEAST) break;
    widths[widest]--;
  }
  return widths;
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
}

function cutText(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
