/** Labels or target values from the cells of a column. */

import { DataError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { type CleanData, sharedInt32 } from "./clean_data.ts";
import { parseNumber } from "./columns/number.ts";
import { missingTexts, textOf } from "./missing.ts";
import { readSpans } from "./read_spans.ts";
import {
  type ClassTarget,
  isClassTarget,
  isValueTarget,
  type Target,
  type ValueTarget,
} from "./target.ts";

/** The target of the rows that have one. */
export interface ReadTarget {
  /** Labels or values, in the order of the rows. */
  readonly target: Pick<CleanData, "labels" | "values" | "spans">;
  /** The rows that have one, rising. */
  readonly kept: Int32Array;
}

/** How many wrong texts a message names. */
const SHOWN = 5;

/**
 * Reads the target; rows without one are left out.
 *
 * @throws {DataError} with counts, if a cell holds something else than the
 * target declares, or all cells are missing or the same.
 */
export function readTarget(target: Target, cells: readonly Cell[]): ReadTarget {
  if (isClassTarget(target)) return readLabels(target, cells);
  return isValueTarget(target) ? readValues(target, cells) : readSpans(target, cells);
}

function readLabels({ column, classes }: ClassTarget, cells: readonly Cell[]): ReadTarget {
  const codeOf = new Map(classes.map((name, code) => [name, code]));
  const codes = new Int32Array(cells.length).fill(-1);
  const counts = new Int32Array(classes.length);
  const wrong = new Wrong();
  let known = 0;
  cells.forEach((cell, i) => {
    const text = textOf(cell, column, i);
    const code = codeOf.get(text);
    if (code !== undefined) {
      codes[i] = code;
      counts[code]++;
      known++;
    } else if (!missingTexts.includes(text)) wrong.add(text, i);
  });
  if (wrong.first !== undefined) {
    throw new DataError(
      `Cannot read labels from column "${column}": ${wrong.first}, ` +
        `wanted one of ${classes.join(", ")}${wrong.counts(cells.length)}`,
      { next: "correct the labels or add them to the target's classes" },
    );
  }
  if (known === 0) {
    throw new DataError(
      `Cannot read labels from column "${column}": all ${cells.length} labels are missing`,
      { next: `fill the column with ${classes.join(", ")}` },
    );
  }
  if (counts.some((count) => count === known)) {
    const only = classes[counts.indexOf(known)];
    throw new DataError(
      `Cannot learn from column "${column}": all ${known} labels are "${only}"`,
      { next: "add rows of at least one other class" },
    );
  }
  const kept = Int32Array.from(codes.keys()).filter((row) => codes[row] >= 0);
  const labels = sharedInt32(known);
  kept.forEach((row, i) => labels[i] = codes[row]);
  return { target: { labels }, kept };
}

function readValues({ column, min, max }: ValueTarget, cells: readonly Cell[]): ReadTarget {
  const [low, high] = [min ?? -Number.MAX_VALUE, max ?? Number.MAX_VALUE];
  const found = new Float64Array(cells.length).fill(NaN);
  const [noNumber, outside] = [new Wrong(), new Wrong()];
  cells.forEach((cell, i) => {
    const text = textOf(cell, column, i).trim();
    if (missingTexts.includes(text)) return;
    const value = typeof cell === "number" ? cell : parseNumber(text);
    if (!Number.isFinite(value)) noNumber.add(text, i);
    else if (value < low || value > high) outside.add(text, i);
    found[i] = value;
  });
  if (noNumber.first !== undefined) {
    throw new DataError(
      `Cannot read values from column "${column}": ${noNumber.first}, wanted a finite number` +
        noNumber.counts(cells.length),
      { next: "correct these values or leave them empty; rows without a value are left out" },
    );
  }
  if (outside.first !== undefined) {
    throw new DataError(
      `Cannot read values from column "${column}": ${outside.first}, wanted ` +
        `${min ?? "any number"} to ${max ?? "any number"}${outside.counts(cells.length)}`,
      { next: "correct these values, leave them empty, or widen the target's range" },
    );
  }
  const kept = Int32Array.from(found.keys()).filter((row) => !Number.isNaN(found[row]));
  if (kept.length === 0) {
    throw new DataError(
      `Cannot read values from column "${column}": all ${cells.length} values are missing`,
      { next: "fill the column with numbers" },
    );
  }
  const bytes = kept.length * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(new SharedArrayBuffer(bytes));
  kept.forEach((row, i) => values[i] = found[row]);
  if (values.every((value) => value === values[0])) {
    throw new DataError(
      `Cannot learn from column "${column}": all ${values.length} values are ${values[0]}`,
      { next: "add rows with other values" },
    );
  }
  return { target: { values }, kept };
}

/** Cells that hold something else, counted. */
class Wrong {
  readonly #counts = new Map<string, number>();
  /** Where the first is and what it holds. */
  first: string | undefined;

  /** Counts one. */
  add(text: string, row: number): void {
    this.first ??= `row ${row + 1} holds "${text}"`;
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  /** How many there are, and which most often. */
  counts(rows: number): string {
    const all = [...this.#counts].sort(([, a], [, b]) => b - a);
    const total = all.reduce((sum, [, count]) => sum + count, 0);
    const shown = all.slice(0, SHOWN).map(([text, count]) => `"${text}" ${count}×`).join(", ");
    const more = all.length > SHOWN ? ` and ${all.length - SHOWN} others` : "";
    return ` (${total} of ${rows} rows are wrong: ${shown}${more})`;
  }
}
