/** Rows that walk down filled trees reach what each reaches by itself. */

import { assert, assertEquals } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { emptyMatrix, type Matrix } from "../../src/table/mod.ts";
import {
  concatTrees,
  rowScorer,
  rowTrees,
  scores,
  type Tree,
  type TreeEnsemble,
} from "../../src/trees/mod.ts";
import { shallowTable } from "../../src/trees/shallow_table.ts";

/** A tree whose branches end at random, at `depth` at the latest. */
function randomTree(random: Random, features: number, depth: number): Tree {
  const nodes: { feature: number; threshold: number; left: number; right: number }[] = [];
  const leaves: number[] = [];
  const grow = (left: number): number => {
    const at = nodes.push({ feature: -1, threshold: 0, left: 0, right: 0 }) - 1;
    if (left === 0 || random.int(6) === 0) nodes[at].left = leaves.push(random.normal()) - 1;
    else {
      nodes[at].feature = random.int(features);
      // Few different ones: rows lie on many of them.
      nodes[at].threshold = random.int(9) - 4;
      nodes[at].left = grow(left - 1);
      nodes[at].right = grow(left - 1);
    }
    return at;
  };
  grow(depth);
  const of = (key: "feature" | "threshold" | "left" | "right") => nodes.map((node) => node[key]);
  return {
    feature: Int32Array.from(of("feature")),
    threshold: Float32Array.from(of("threshold")),
    left: Int32Array.from(of("left")),
    right: Int32Array.from(of("right")),
    missingLeft: Uint8Array.from(nodes, () => random.int(2)),
    cover: new Float32Array(nodes.length).fill(1),
    leaves: Float32Array.from(leaves),
  };
}

function ensemble(seed: number, features: number, depth: number, outputs = 1): TreeEnsemble {
  const random = new Random(seed);
  const trees = Array.from({ length: 12 }, () => randomTree(random, features, depth));
  return concatTrees(trees, {
    ...{ features, outputs, leafWidth: 1, scale: 0.5, link: "identity" },
    treeOutput: outputs === 1 ? new Int32Array(0) : Int32Array.from(trees, (_, t) => t % outputs),
    base: new Float32Array(outputs).fill(0.25),
  });
}

function rowsOf(seed: number, rows: number, columns: number, missing: boolean): Matrix {
  const random = new Random(seed);
  const X = emptyMatrix(rows, columns);
  for (let at = 0; at < X.data.length; at++) {
    X.data[at] = random.int(2) === 0 ? random.int(9) - 4 : 3 * random.normal();
  }
  X.data[3] = Infinity;
  X.data[4] = -Infinity;
  X.data[5] = -0;
  if (missing) X.data[rows - 20] = NaN;
  return X;
}

Deno.test("shallow trees: many rows give what each gives alone", async () => {
  await using pool = new WorkerPool(2);
  for (const [features, outputs] of [[1, 1], [3, 1], [25, 1], [5, 3], [400, 1]]) {
    for (const depth of [0, 1, 4, 8]) {
      for (const missing of [false, true]) {
        const trees = ensemble(features + depth, features, depth, outputs);
        assert(shallowTable(trees) !== undefined, `depth ${depth}`);
        const X = rowsOf(depth, 1501, features, missing);
        const found = await scores(trees, X);
        const scoreRow = rowScorer(rowTrees(trees));
        const own = new Float32Array(outputs);
        for (let i = 0; i < X.rows; i++) {
          scoreRow(Float32Array.from({ length: features }, (_, j) => X.data[j * X.rows + i]), own);
          for (let k = 0; k < outputs; k++) {
            assertEquals(found[k * X.rows + i], own[k], `row ${i} of ${features} columns`);
          }
        }
      }
    }
  }
  const [trees, X] = [ensemble(1, 4, 6), rowsOf(2, 10_000, 4, true)];
  assertEquals(await scores(trees, X, pool), await scores(trees, X));
});

Deno.test("shallow trees: those that are deep, or hardly branch, are left as they are", () => {
  assertEquals(shallowTable(ensemble(3, 4, 14)), undefined);
  // One long branch of ten splits: 1,024 ends for eleven leaves.
  const chain: Tree = {
    feature: Int32Array.from({ length: 21 }, (_, n) => n % 2 === 0 && n < 20 ? 0 : -1),
    threshold: new Float32Array(21),
    left: Int32Array.from({ length: 21 }, (_, n) => n % 2 === 0 && n < 20 ? n + 1 : n >> 1),
    right: Int32Array.from({ length: 21 }, (_, n) => n % 2 === 0 && n < 20 ? n + 2 : 0),
    missingLeft: new Uint8Array(21),
    cover: new Float32Array(21),
    leaves: new Float32Array(11),
  };
  const trees = concatTrees([chain], {
    ...{ features: 1, outputs: 1, leafWidth: 1, treeOutput: new Int32Array(0), scale: 1 },
    ...{ base: new Float32Array(1), link: "identity" },
  });
  assertEquals(shallowTable(trees), undefined);
});
