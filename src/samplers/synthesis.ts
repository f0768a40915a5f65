/** New rows on the way from one row to another. */

import type { Random } from "../base/mod.ts";
import { emptyMatrix } from "../dataset/mod.ts";
import type { Labelled, Sampled } from "./contract.ts";

/** Rows to make of one class: each lies `step` of the way from `from` to `to`. */
export interface Synthesis {
  /** Class of the new rows. */
  readonly label: number;
  /** Row that each starts at, shape [new rows]. */
  readonly from: Int32Array;
  /** Row that each goes towards, shape [new rows]. */
  readonly to: Int32Array;
  /** Share of the way, in [0, 1), shape [new rows]. */
  readonly step: Float64Array;
}

/**
 * Draws `count` new rows of class `label`, each between one of `rows` and one
 * of its neighbours, all pairs equally likely.
 *
 * @param neighbours Rows near each of `rows`, shape [rows × k].
 */
export function drawBetween(
  label: number,
  rows: Int32Array,
  neighbours: Int32Array,
  count: number,
  random: Random,
): Synthesis {
  const k = neighbours.length / rows.length;
  const drawn = emptySynthesis(label, count);
  for (let i = 0; i < count; i++) {
    const pair = random.int(neighbours.length);
    drawn.from[i] = rows[Math.floor(pair / k)];
    drawn.to[i] = neighbours[pair];
    drawn.step[i] = random.next();
  }
  return drawn;
}

/** Room for `count` new rows of class `label`. */
export function emptySynthesis(label: number, count: number): Synthesis {
  return {
    label,
    from: new Int32Array(count),
    to: new Int32Array(count),
    step: new Float64Array(count),
  };
}

/** The rows of `data`, followed by the new ones. */
export function withSynthetic(data: Labelled, parts: readonly Synthesis[]): Sampled {
  const before = data.X.rows;
  const rows = parts.reduce((total, { step }) => total + step.length, before);
  const X = emptyMatrix(rows, data.X.columns);
  const y = new Int32Array(rows);
  const sourceIndices = Int32Array.from(y.keys());
  y.set(data.y);
  let end = before;
  for (const { label, from } of parts) {
    y.fill(label, end, end + from.length);
    sourceIndices.set(from, end);
    end += from.length;
  }
  for (let j = 0; j < X.columns; j++) {
    const source = data.X.data.subarray(j * before, (j + 1) * before);
    const target = X.data.subarray(j * rows, (j + 1) * rows);
    target.set(source);
    let at = before;
    for (const { from, to, step } of parts) {
      for (let i = 0; i < step.length; i++) {
        const start = source[from[i]];
        target[at++] = start + step[i] * (source[to[i]] - start);
      }
    }
  }
  return { ...data, X, y, sourceIndices };
}
