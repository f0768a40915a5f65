/** Rows that are there more than once. */

import type { ColumnSample } from "../../drift/mod.ts";

/**
 * Counts rows that repeat an earlier one in every column. Rows are told apart
 * by 53 bits of a digest, so that a million rows take megabytes, not gigabytes;
 * two different ones of a million share a digest once in ten thousand files.
 */
export function countDuplicates(columns: readonly ColumnSample[], rows: number): number {
  const [low, high] = [new Uint32Array(rows), new Uint32Array(rows)];
  for (const column of columns) {
    if ("count" in column) return 0;
    if (column.kind === "category") mixCodes(column.codes, low, high);
    else if (column.kind === "text") mixCodes(codesOf(column.values), low, high);
    else mixNumbers(column.values, low, high);
  }
  const keys = new Float64Array(rows);
  for (let i = 0; i < rows; i++) keys[i] = (high[i] >>> 11) * 2 ** 32 + low[i];
  keys.sort();
  let repeated = 0;
  for (let i = 1; i < rows; i++) if (keys[i] === keys[i - 1]) repeated++;
  return repeated;
}

function mixCodes(codes: ArrayLike<number>, low: Uint32Array, high: Uint32Array): void {
  for (let i = 0; i < low.length; i++) {
    low[i] = mixed(low[i] ^ codes[i], lowFactor);
    high[i] = mixed(high[i] ^ codes[i] + 1, highFactor);
  }
}

/** All bits of each number, in two different ways. */
function mixNumbers(values: ArrayLike<number>, low: Uint32Array, high: Uint32Array): void {
  const exact = values instanceof Float64Array ? values : Float64Array.from(values);
  const words = new Uint32Array(exact.buffer, exact.byteOffset, 2 * exact.length);
  for (let i = 0; i < low.length; i++) {
    const [first, second] = [words[2 * i], words[2 * i + 1]];
    low[i] = mixed(low[i] ^ first + Math.imul(second, 3), lowFactor);
    high[i] = mixed(high[i] ^ first + Math.imul(second, 4), highFactor);
  }
}

function codesOf(texts: readonly (string | null)[]): Int32Array {
  const codes = new Map<string | null, number>();
  return Int32Array.from(texts, (text) => {
    if (!codes.has(text)) codes.set(text, codes.size);
    return codes.get(text)!;
  });
}

const [lowFactor, highFactor] = [0x9e3779b1, 0x85ebca77];

function mixed(value: number, factor: number): number {
  const product = Math.imul(value ^ (value >>> 15), factor);
  return (product ^ (product >>> 13)) >>> 0;
}
