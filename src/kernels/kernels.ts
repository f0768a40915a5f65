/** Inner loops in WebAssembly, two numbers at a time. */

import { kernelBytes } from "./kernel_bytes.ts";

const pageBytes = 65_536;

/** The most pages that one memory can have. */
const mostPages = 65_536;

/** Rows that {@linkcode Kernels.walkTree} walks side by side. */
export const rowsTogether = 16;

/** Levels of a tree of which {@linkcode Kernels.walkTree} tries all splits. */
export const firstLevels = 3;

/** Leaves of a tree at most that {@linkcode Kernels.strikeLeaves} takes. */
export const mostStruck = 32;

/** Numbers that {@linkcode Kernels.multiply} takes at a time. */
export const productLanes = 16;

/** What a scan seeks; packed numbers as of boosting, gradient × 2^27 + hessian. */
export interface ScanOptions {
  /** Packed sum of all rows. */
  readonly sum: number;
  /** Least hessian of either side, above 0. */
  readonly leastHessian: number;
  /** L2 penalty, at least 0. */
  readonly lambda: number;
  /** L1 penalty, at least 0. */
  readonly alpha: number;
}

/**
 * Memory that kernels of any thread work on, all 0 at first.
 *
 * @returns undefined if it is more than one can have, or the machine has no room for one; plain
 * loops do then.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const memory = kernelMemory(32)!;
 * const values = new Float64Array(memory.buffer, 0, 4);
 * values.set([5, 7, 2, 3]);
 * new Kernels(memory).subtract(values.subarray(0, 2), values.subarray(2));
 * assertEquals([...values], [3, 4, 2, 3]);
 * ```
 */
export function kernelMemory(bytes: number): SharedKernelMemory | undefined {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  if (pages > mostPages) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    return memory as unknown as SharedKernelMemory;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A memory whose bytes threads share. */
export interface SharedKernelMemory extends WebAssembly.Memory {
  /** The bytes. */
  readonly buffer: ArrayBuffer & SharedArrayBuffer;
}

interface Exports
  extends Pick<Kernels, "walkTree" | "walkSets" | "strikeLeaves" | "orderBits" | "multiply"> {
  readonly subtract: (a: number, b: number, count: number) => void;
  readonly scanSplits: Scan;
  readonly bestScore: WebAssembly.Global;
  readonly bestLeft: WebAssembly.Global;
}

type Scan = (
  ...args: [
    at: number,
    count: number,
    sum: number,
    leastHessian: number,
    lambda: number,
    alpha: number,
    best: number,
    wins: number,
    rises: number,
  ]
) => number;

/** The kernels of one thread on one memory. */
export class Kernels {
  /**
   * Adds to the sum of each row the value of the leaf that it reaches in one full tree. All places
   * are bytes from the start of the memory.
   *
   * @param splits Place of the splits: at 8 × p that of node p, which begins at 1, as the distance
   * of its feature's column from the first, then the threshold. Rows above it go to 2p + 1, others
   * to 2p.
   * @param values Place of the value that leaf 0 would have; leaf `p` of the lowest level is at
   * 4 × p.
   * @param block Place of the first column; columns hold whole 32-bit numbers.
   * @param count Rows, a multiple of {@linkcode rowsTogether}, above 0.
   * @param depth Splits from the root to each leaf, {@linkcode firstLevels} or more.
   * @param sums Place of the sums, as Float32.
   */
  readonly walkTree: (
    splits: number,
    values: number,
    block: number,
    count: number,
    depth: number,
    sums: number,
  ) => void;
  /**
   * {@linkcode walkTree} down a tree some of whose splits ask for a set: their distances are odd, and
   * their thresholds places of sets of bits, in which that of each value of their column, 0 or more,
   * is 1 if its rows go to 2p.
   */
  readonly walkSets: Kernels["walkTree"];
  /**
   * Does as {@linkcode walkTree} for a tree of at most {@linkcode mostStruck} leaves and any depth:
   * each split strikes off the leaves on its left side for rows above its threshold, and of those
   * that are left the first is reached. `depth` is the number of splits.
   *
   * Source: Lucchese et al., QuickScorer (2015).
   *
   * @param splits Place of the splits, at each 12 bytes the distance of its column from the first,
   * its threshold, and the leaves on its left side as bits. A split whose distance is odd asks for
   * a set: in place of a threshold it has the place of words, which tell for each value of its
   * column, 0 or more, the leaves that it strikes off.
   * @param values Place of the value of the first leaf.
   */
  readonly strikeLeaves: Kernels["walkTree"];
  /**
   * Turns the bits of Float32 numbers into whole ones that compare as they do.
   *
   * @param from Place of the first.
   * @param to Where they end, a multiple of four numbers on.
   * @param missing What becomes of missing ones (NaN).
   */
  readonly orderBits: (from: number, to: number, missing: number) => void;
  /**
   * Writes the product of a vector with each of many rows.
   *
   * @param vectors Place of the rows, Int8, shape [rows × size].
   * @param query Place of the vector, Int16, shape [size].
   * @param rows Number of rows.
   * @param size A multiple of {@linkcode productLanes}.
   * @param out Place of the products, Int32, shape [rows].
   */
  readonly multiply: (
    vectors: number,
    query: number,
    rows: number,
    size: number,
    out: number,
  ) => void;
  readonly #exports: Exports;

  /** Takes the memory on which they work. */
  constructor(memory: WebAssembly.Memory) {
    const instance = new WebAssembly.Instance(compiled(), { env: { memory } });
    this.#exports = instance.exports as unknown as Exports;
    const { walkTree, walkSets, strikeLeaves, orderBits, multiply } = this.#exports;
    [this.walkTree, this.walkSets, this.strikeLeaves] = [walkTree, walkSets, strikeLeaves];
    [this.orderBits, this.multiply] = [orderBits, multiply];
  }

  /** a[i] −= b[i]; both of one length, in the memory. */
  subtract(a: Float64Array, b: Float64Array): void {
    this.#exports.subtract(a.byteOffset, b.byteOffset, a.length);
  }

  /**
   * Seeks the split of the best gain, as `GradientSplitter` does, among those after each of
   * `histogram[from]` to `histogram[to − 1]`: rising with all up to the place on the left side, else
   * with all from it on the right side, from the last down.
   *
   * @param histogram Numbers in the memory.
   * @param best Score that is to be beaten.
   * @param wins Whether an equal one does.
   * @returns the place or −1; `score` and `left` tell of it.
   */
  scan(
    histogram: Float64Array,
    from: number,
    to: number,
    { sum, leastHessian, lambda, alpha }: ScanOptions,
    best: number,
    wins: boolean,
    rises: boolean,
  ): number {
    const at = histogram.byteOffset + 8 * (rises ? from : to - 1);
    const { scanSplits } = this.#exports;
    const [won, rising] = [Number(wins), Number(rises)];
    const step = scanSplits(at, to - from, sum, leastHessian, lambda, alpha, best, won, rising);
    return step < 0 ? -1 : rises ? from + step : to - 1 - step;
  }

  /** Score of the split that the last scan found, a Float32. */
  get score(): number {
    return this.#exports.bestScore.value;
  }

  /** Packed sum of its left side. */
  get left(): number {
    return this.#exports.bestLeft.value;
  }
}

let wasm = /* @__MEMO__ */ undefined as WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  return wasm ??= new WebAssembly.Module(Uint8Array.fromBase64(kernelBytes));
}
