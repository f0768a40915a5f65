/** Where a growing tree is written down, node after node in depth-first order. */

import { categorySets, type Tree } from "../trees/mod.ts";
import { shared } from "./shared_memory.ts";

/** Node arrays of one tree after another; the memory is used again for each. */
export class TreeWriter {
  readonly #feature: Int32Array;
  readonly #threshold: Float32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #missingLeft: Uint8Array;
  readonly #cover: Float32Array;
  readonly #leaves: Float32Array;
  readonly #sets = new Map<number, readonly number[]>();
  #nodes = 0;
  #leafValues = 0;

  /** Takes the most leaves that a tree can have and the number of values of a leaf. */
  constructor(maxLeaves: number, leafWidth: number) {
    const maxNodes = 2 * maxLeaves - 1;
    this.#feature = new Int32Array(maxNodes);
    this.#threshold = new Float32Array(maxNodes);
    this.#left = new Int32Array(maxNodes);
    this.#right = new Int32Array(maxNodes);
    this.#missingLeft = new Uint8Array(maxNodes);
    this.#cover = new Float32Array(maxNodes);
    this.#leaves = new Float32Array(maxLeaves * leafWidth);
  }

  /** Adds a split; the next node added is its left child. */
  split(feature: number, threshold: number, missingLeft: boolean, cover: number): number {
    const node = this.#nodes++;
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
    this.#cover[node] = cover;
    this.#left[node] = node + 1;
    return node;
  }

  /** Adds a split that sends some categories left and all else right, likewise. */
  splitSet(feature: number, categories: readonly number[], cover: number): number {
    const node = this.split(feature, 0, false, cover);
    this.#sets.set(node, categories);
    return node;
  }

  /** Makes the next node added the right child of `parent`. */
  nextIsRightOf(parent: number): void {
    this.#right[parent] = this.#nodes;
  }

  /** Adds a leaf. */
  leaf(values: ArrayLike<number>, cover: number): void {
    const node = this.#nodes++;
    this.#feature[node] = -1;
    this.#threshold[node] = 0;
    this.#missingLeft[node] = 0;
    this.#cover[node] = cover;
    this.#left[node] = this.#leafValues / values.length;
    this.#right[node] = 0;
    for (let k = 0; k < values.length; k++) this.#leaves[this.#leafValues++] = values[k];
  }

  /** Gives the tree, which a worker can hand over without a copy, and starts the next one. */
  finish(): Tree {
    const nodes = this.#nodes;
    const sets = this.#sets.size === 0
      ? undefined
      : categorySets(Array.from({ length: nodes }, (_, node) => this.#sets.get(node)));
    const tree = {
      feature: shared(this.#feature.subarray(0, nodes)),
      threshold: shared(this.#threshold.subarray(0, nodes)),
      left: shared(this.#left.subarray(0, nodes)),
      right: shared(this.#right.subarray(0, nodes)),
      missingLeft: shared(this.#missingLeft.subarray(0, nodes)),
      cover: shared(this.#cover.subarray(0, nodes)),
      leaves: shared(this.#leaves.subarray(0, this.#leafValues)),
      ...sets && { sets },
    };
    this.#sets.clear();
    this.#nodes = 0;
    this.#leafValues = 0;
    return tree;
  }
}
