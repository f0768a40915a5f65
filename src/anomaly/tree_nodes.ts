/** Nodes of one tree as they are added, depth first. */

import type { Tree } from "../trees/mod.ts";

/** Collects the nodes of a tree in the layout of {@link Tree}. */
export class TreeNodeList {
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #cover: number[] = [];
  readonly #leaves: number[] = [];

  /** Adds a split, whose left child comes next; gives its place for {@linkcode rightIsNext}. */
  split(feature: number, threshold: number, missingLeft: boolean, cover: number): number {
    const at = this.#add(feature, threshold, missingLeft, cover);
    this.#left[at] = at + 1;
    return at;
  }

  /** The node that comes next is the right child of the one at `parent`. */
  rightIsNext(parent: number): void {
    this.#right[parent] = this.#feature.length;
  }

  /** Adds a leaf. */
  leaf(value: number, cover: number): void {
    const at = this.#add(-1, 0, false, cover);
    this.#left[at] = this.#leaves.push(value) - 1;
  }

  /** The tree. */
  finish(): Tree {
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float32Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      missingLeft: Uint8Array.from(this.#missingLeft),
      cover: Float32Array.from(this.#cover),
      leaves: Float32Array.from(this.#leaves),
    };
  }

  #add(feature: number, threshold: number, missingLeft: boolean, cover: number): number {
    this.#threshold.push(threshold);
    this.#left.push(0);
    this.#right.push(0);
    this.#missingLeft.push(missingLeft ? 1 : 0);
    this.#cover.push(cover);
    return this.#feature.push(feature) - 1;
  }
}
