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
    const bits = bitsOf(column);
    for (let i = 0; i < rows; i++) {
      low[i] = mixed(low[i] ^ bits(i, 0), 0x9e3779b1);
      high[i] = mixed(high[i] ^ bits(i, 1), 0x85ebca77);
    }
  }
  const keys = new Float64Array(rows);
  for (let i = 0; i < rows; i++) keys[i] = (high[i] >>> 11) * 2 ** 32 + low[i];
  keys.sort();
  let repeated = 0;
  for (let i = 1; i < rows; i++) if (keys[i] === keys[i - 1]) repeated++;
  return repeated;
}

type Raw = Exclude<ColumnSample, { readonly count: number }>;

/** Bits of each value, in two different halves if it has so many. */
function bitsOf(column: Raw): (row: number, half: 0 | 1) => number {
  if (column.kind === "category") return (row, half) => column.codes[row] + half;
  if (column.kind === "text") {
    const codes = new Map<string | null, number>();
    const numbered = Int32Array.from(column.values, (text) => {
      if (!codes.has(text)) codes.set(text, codes.size);
      return codes.get(text)!;
    });
    return (row, half) => numbered[row] + half;
  }
  const { values } = column;
  const exact = values instanceof Float64Array ? values : Float64Array.from(values);
  const words = new Uint32Array(exact.buffer, exact.byteOffset, 2 * exact.length);
  return (row, half) => words[2 * row] + Math.imul(words[2 * row + 1], half + 3);
}

function mixed(value: number, factor: number): number {
  const product = Math.imul(value ^ (value >>> 15), factor);
  return (product ^ (product >>> 13)) >>> 0;
}
