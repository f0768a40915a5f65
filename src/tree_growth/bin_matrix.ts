/** Bins all columns of a matrix, on as many threads as there are. */

import { type Task, task, type WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { shared } from "./shared_memory.ts";
import {
  type BinnedMatrix,
  type BinningProblem,
  codes,
  columnBinner,
  maxValueBins,
} from "./binning.ts";
import { gatherCrew, helpCrew, type PhaseWork } from "./thread_team.ts";

/** How a matrix is binned. */
export interface BinningOptions {
  /** Most bins of values of a column, 1 to 255; default 255. */
  readonly maxBins?: number;
  /** Columns that hold categories, which have a bin each, 255 at most. */
  readonly categorical?: readonly number[] | null;
  /** Weight of each row; 1 if it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Workers that may help; the bins are the same. */
  readonly pool?: WorkerPool;
}

/** Fewer values than this are binned before a worker has started. */
const minSharedValues = 2 ** 20;

/**
 * Sorts each column's values into bins. A column with no more distinct values
 * than bins gets a bin for each, so nothing is lost; else bins hold about equal
 * weight, and a value heavier than that a bin of its own.
 */
export function binMatrix(
  { rows, columns, data }: Matrix,
  { maxBins = maxValueBins, categorical, sampleWeight, pool }: BinningOptions = {},
): BinnedMatrix {
  const binned: BinnedMatrix = {
    rows,
    columns,
    codes: new Uint8Array(new SharedArrayBuffer(rows * columns)),
    bins: new Int32Array(new SharedArrayBuffer(4 * columns)),
    categorical: new Uint8Array(new SharedArrayBuffer(columns)),
    hasMissing: new Uint8Array(new SharedArrayBuffer(columns)),
    low: new Float32Array(new SharedArrayBuffer(4 * codes * columns)),
    high: new Float32Array(new SharedArrayBuffer(4 * codes * columns)),
  };
  for (const j of categorical ?? []) binned.categorical[j] = 1;
  const problem: BinningProblem = {
    X: { rows, columns, data },
    maxBins,
    sampleWeight: sampleWeight && shared(sampleWeight),
    binned,
  };
  const helpers = rows * columns < minSharedValues ? 0 : (pool?.size ?? 1) - 1;
  const crew = gatherCrew(
    binningWork(problem),
    helpers,
    (control) => pool!.run(helpBinningTask, { problem, control }),
  );
  try {
    crew.run(0, columns);
  } finally {
    crew.close();
  }
  return binned;
}

/** A helper: it bins columns until none is left. */
export const helpBinningTask: Task<
  { readonly problem: BinningProblem; readonly control: Int32Array<SharedArrayBuffer> },
  void
> = task(
  import.meta.url,
  "helpBinningTask",
  ({ problem, control }) => helpCrew(control, binningWork(problem)),
);

/** An item of the only phase is a column. */
function binningWork(problem: BinningProblem): PhaseWork {
  const binColumn = columnBinner(problem);
  return (_, j) => binColumn(j);
}
