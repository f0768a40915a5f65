/** Many series at once, over all cores. */

import {
  DataError,
  runTask,
  type Task,
  task,
  type TaskContext,
  UsageError,
  type WorkerPool,
} from "../base/mod.ts";
import { type AutomaticModel, type AutomaticOptions, fitAutomatic } from "./automatic.ts";

/** How many series are forecast. */
export interface ManyOptions
  extends Pick<AutomaticOptions, "horizon" | "seasons" | "methods" | "scales" | "origins"> {
  /** Keeps what was said at earlier times, by which intervals of sums are drawn. */
  readonly keepPast?: boolean;
  /** Workers to share the series among; the result is the same. */
  readonly pool?: WorkerPool;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** What became of one of many series. */
export type ManyResult =
  | { readonly model: AutomaticModel }
  /** The series was refused, with the reason that {@linkcode fitAutomatic} gives. */
  | { readonly refused: string };

/** Series in one part at the most: enough that handing it over costs nothing. */
const LONGEST_PART = 64;
/** Parts for each worker at the least, so that cores end together. */
const PARTS = 4;

interface Part {
  /** Values of all series of the part, one after the other. */
  readonly values: Float64Array;
  /** Where each begins, and the last one ends. */
  readonly bounds: readonly number[];
  readonly options: Omit<ManyOptions, "pool" | "signal" | "onProgress">;
}

/** Fits the series of one part. */
export const fitPartTask: Task<Part, ManyResult[]> = task(
  import.meta.url,
  "fitPartTask",
  async ({ values, bounds, options }: Part, { progress }: TaskContext) => {
    const found: ManyResult[] = [];
    for (let k = 0; k + 1 < bounds.length; k++) {
      const y = values.subarray(bounds[k], bounds[k + 1]);
      try {
        found.push({ model: await fitAutomatic(y, options) });
      } catch (error) {
        // What is wrong with one series is told beside the others; all else ends them.
        if (!(error instanceof DataError)) throw error;
        found.push({ refused: messageOf(error) });
      }
      progress((k + 1) / (bounds.length - 1));
    }
    return found;
  },
);

const messageOf = ({ message, next }: DataError) =>
  next === undefined ? message : `${message}; ${next}`;

/**
 * Fits each of many series as {@linkcode fitAutomatic} does, in parts that a pool of workers
 * shares. A series that cannot be forecast is refused by itself. What boosting and Prophet learn by
 * cannot be handed to a worker: fit such series one by one.
 *
 * @param series Finite values of each at even steps, the latest last.
 * @returns One result for each series, in their order.
 * @throws {UsageError} for a horizon, a season or a method that is none.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * const wave = Float64Array.from({ length: 36 }, (_, t) => 50 + t + 9 * Math.sin(t / 2));
 * const [first, second] = await fitManyAutomatic([wave, Float64Array.of(1, 2)], {
 *   ...{ horizon: 3, seasons: [12], methods: ["ets"], origins: 0 },
 * });
 * assert("model" in first);
 * assertEquals("refused" in second && second.refused.slice(0, 37), "Cannot forecast a series of 2 values;");
 * ```
 */
export async function fitManyAutomatic(
  series: readonly Float64Array[],
  { pool, signal, onProgress, ...options }: ManyOptions,
): Promise<ManyResult[]> {
  for (const handed of ["boosting", "stan"]) {
    if (!(handed in options)) continue;
    throw new UsageError(`Cannot fit many series with ${handed}: it stays in its thread`, {
      next: `leave ${handed} out, or fit the series one by one with fitAutomatic`,
    });
  }
  const even = Math.ceil(series.length / PARTS / (pool?.size ?? 1));
  const size = Math.max(1, Math.min(LONGEST_PART, even));
  const parts = Array.from(
    { length: Math.ceil(series.length / size) },
    (_, k) => partOf(series.slice(k * size, (k + 1) * size), options),
  );
  const done = new Float64Array(parts.length);
  const results = await Promise.all(parts.map((part, k) =>
    runTask(fitPartTask, part, pool, {
      signal,
      onProgress: onProgress && ((share) => {
        done[k] = share;
        onProgress(done.reduce((sum, own) => sum + own, 0) / parts.length);
      }),
    })
  ));
  return results.flat();
}

function partOf(series: readonly Float64Array[], options: Part["options"]): Part {
  const bounds = [0];
  for (const { length } of series) bounds.push(bounds.at(-1)! + length);
  const values = new Float64Array(bounds.at(-1)!);
  series.forEach((own, k) => values.set(own, bounds[k]));
  return { values, bounds, options };
}
