/** Early stopping on rows that the fit holds out for itself. */

import { Random } from "../base/mod.ts";
import { type Matrix, takeRows } from "../dataset/mod.ts";
import type { ValidationRows } from "./boosting_rounds.ts";
import type { RegressionOptions } from "./contract.ts";
import { pick } from "./pick.ts";

/** Targets of a fit: labels or numbers. */
export type Targets = Int32Array | Float32Array | Float64Array;

/** Which rows are held out. */
export interface HoldOut {
  /** Share of the rows, above 0 and below 1. */
  readonly share: number;
  /** Seed of the draw. */
  readonly seed: number;
  /** Class of each row, so that each class gives its share; missing for numbers. */
  readonly labels?: ArrayLike<number>;
  /** Group of each row: groups are held out whole. */
  readonly groups?: ArrayLike<number>;
}

/**
 * Draws rows to hold out: whole groups if there are groups, else the share of
 * each class. At least one group or one row of a class stays on either side.
 *
 * @param rows Number of rows.
 * @returns 1 for each row that is held out, shape [rows].
 */
export function drawHeldOut(rows: number, { share, seed, labels, groups }: HoldOut): Uint8Array {
  const random = new Random(seed);
  const held = new Uint8Array(rows);
  const unitOf = (row: number) => groups ? groups[row] : row;
  const parts = Map.groupBy(
    new Set(Array.from(held, (_, row) => unitOf(row))),
    // A group's rows can be of several classes, so groups are one part.
    (unit) => groups || !labels ? 0 : labels[unit],
  );
  const chosen = new Set<number>();
  for (const label of [...parts.keys()].sort((a, b) => a - b)) {
    const units = random.shuffle(Float64Array.from(parts.get(label)!));
    const count = Math.min(Math.max(1, Math.round(share * units.length)), units.length - 1);
    for (const unit of units.subarray(0, count)) chosen.add(unit);
  }
  for (let row = 0; row < rows; row++) held[row] = Number(chosen.has(unitOf(row)));
  return held;
}

/** Rows to learn from and rows to stop by. */
interface Divided<Y extends Targets, Options> {
  readonly X: Matrix;
  readonly y: Y;
  readonly options: Options & { readonly validation: ValidationRows<Y> };
}

/** Divides the rows of a fit. */
export function holdOut<Y extends Targets, Options extends RegressionOptions>(
  X: Matrix,
  y: Y,
  options: Options,
  share: number,
): Divided<Y, Options> {
  const { seed, groups, sampleWeight } = options;
  const labels = y instanceof Int32Array ? y : undefined;
  const held = drawHeldOut(y.length, { share, seed, labels, groups });
  const rowsWith = (mark: number) =>
    Int32Array.from(held.keys()).filter((row) => held[row] === mark);
  const part = (rows: Int32Array) => ({
    X: takeRows(X, rows),
    y: pick(y, rows),
    sampleWeight: sampleWeight && pick(sampleWeight, rows),
  });
  const learned = part(rowsWith(0));
  return {
    X: learned.X,
    y: learned.y,
    options: {
      ...options,
      sampleWeight: learned.sampleWeight,
      groups: undefined,
      validation: part(rowsWith(1)),
    },
  };
}
