import { task } from "../../src/base/mod.ts";
import { NeighbourTree } from "../../src/samplers/neighbour_tree.ts";
import { nearestByProducts } from "../../src/samplers/neighbour_products.ts";
import type { Matrix } from "../../src/dataset/mod.ts";

/** Finds the neighbours of all rows by matrix products, at will again and again. */
export const neighboursTask = task(
  import.meta.url,
  "neighboursTask",
  async ({ X, k, repeat = 1 }: { X: Matrix; k: number; repeat?: number }, { progress }) => {
    const rows = Int32Array.from({ length: X.rows }, (_, i) => i);
    const tree = new NeighbourTree(X, rows, k);
    let found: Int32Array = new Int32Array(0);
    for (let i = 0; i < repeat; i++) {
      found = await nearestByProducts(X, rows, rows, k, tree);
      progress((i + 1) / repeat);
    }
    return found;
  },
);
