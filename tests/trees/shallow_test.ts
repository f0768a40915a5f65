/** Rows that walk down filled trees reach what each reaches by itself. */

import { assert, assertEquals } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { emptyMatrix, type Matrix } from "../../src/dataset/mod.ts";
import {
  categorySets,
  concatTrees,
  rowScorer,
  rowTrees,
  scores,
  type Tree,
  type TreeEnsemble,
} from "../../src/trees/mod.ts";
import { shallowTable } from "../../src/trees/shallow_table.ts";

/**
 * A tree whose branches end at random, at `depth` at the latest. Where sets are asked for, columns
 * of odd numbers hold categories.
 */
function randomTree(random: Random, features: number, depth: number, asks: boolean): Tree {
  const nodes: {
    feature: number;
    threshold: number;
    left: number;
    right: number;
    members?: number[];
  }[] = [];
  const leaves: number[] = [];
  const grow = (left: number): number => {
    const at = nodes.push({ feature: -1, threshold: 0, left: 0, right: 0 }) - 1;
    if (left === 0 || random.int(6) === 0) nodes[at].left = leaves.push(random.normal()) - 1;
    else {
      nodes[at].feature = random.int(features);
      // Few different ones: rows lie on many of them.
      nodes[at].threshold = random.int(9) - 4;
      if (asks) nodes[at].members = membersFor(random, nodes[at].feature);
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
    sets: categorySets(nodes.map(({ members }) => members)),
  };
}

/** A set that a split of a column may ask for. */
function membersFor(random: Random, feature: number): number[] | undefined {
  if (feature % 2 !== 1) return undefined;
  return Array.from({ length: [5, 32, 70][feature % 3] }, (_, c) => c)
    .filter((c) => c === 3 || random.int(2) === 0);
}

/** A tree of so many leaves, most of them far down on one way; sets as in {@linkcode randomTree}. */
function leanTree(random: Random, features: number, leaves: number, asks: boolean): Tree {
  const size = 2 * leaves - 1;
  const [feature, left, right] = [0, 1, 2].map(() => new Int32Array(size));
  feature.fill(-1);
  // Leaves that may still be split, and the place of the next node.
  const open = [0];
  for (let next = 1; next < size; next += 2) {
    const at = random.int(4) > 0 ? open.length - 1 : random.int(open.length);
    const [node] = open.splice(at, 1);
    feature[node] = random.int(features);
    [left[node], right[node]] = random.int(2) === 0 ? [next, next + 1] : [next + 1, next];
    open.push(next, next + 1);
  }
  open.forEach((node, row) => left[node] = row);
  return {
    ...{ feature, left, right },
    threshold: Float32Array.from(feature, () => random.int(9) - 4),
    missingLeft: Uint8Array.from(feature, () => random.int(2)),
    cover: new Float32Array(size).fill(1),
    leaves: Float32Array.from(open, () => random.normal()),
    sets: categorySets(Array.from(feature, (own) => asks ? membersFor(random, own) : undefined)),
  };
}

function ensemble(
  seed: number,
  features: number,
  depth: number,
  outputs = 1,
  asks = false,
): TreeEnsemble {
  const random = new Random(seed);
  return joined(
    Array.from({ length: 12 }, () => randomTree(random, features, depth, asks)),
    features,
    outputs,
  );
}

function joined(trees: readonly Tree[], features: number, outputs = 1): TreeEnsemble {
  return concatTrees(trees, {
    ...{ features, outputs, leafWidth: 1, scale: 0.5, link: "identity" },
    treeOutput: outputs === 1 ? new Int32Array(0) : Int32Array.from(trees, (_, t) => t % outputs),
    base: new Float32Array(outputs).fill(0.25),
  });
}

function rowsOf(
  seed: number,
  rows: number,
  columns: number,
  missing: boolean,
  asks = false,
): Matrix {
  const random = new Random(seed);
  const X = emptyMatrix(rows, columns);
  for (let at = 0; at < X.data.length; at++) {
    X.data[at] = random.int(2) === 0 ? random.int(9) - 4 : 3 * random.normal();
    // Categories, some of them in no set; what came before are none, or few.
    if (asks && random.int(3) > 0) X.data[at] = random.int(random.int(9) === 0 ? 65_536 : 75);
  }
  X.data[3] = Infinity;
  X.data[4] = -Infinity;
  X.data[5] = -0;
  if (missing) {
    for (let at = 7; at < X.data.length; at += 1 + random.int(9)) X.data[at] = NaN;
  }
  return X;
}

/** Holds the scores of many rows to those of each alone. */
async function walksAlike(trees: TreeEnsemble, X: Matrix): Promise<void> {
  const found = await scores(trees, X);
  const scoreRow = rowScorer(rowTrees(trees));
  const own = new Float32Array(trees.outputs);
  for (let i = 0; i < X.rows; i++) {
    scoreRow(Float32Array.from({ length: X.columns }, (_, j) => X.data[j * X.rows + i]), own);
    for (let k = 0; k < own.length; k++) assertEquals(found[k * X.rows + i], own[k], `row ${i}`);
  }
}

Deno.test("shallow trees: lists of splits reach what each row reaches alone, up to 32 leaves", async () => {
  for (const leaves of [9, 31, 32]) {
    for (const asks of [false, true]) {
      const random = new Random(leaves);
      // Some are full trees: both ways in one ensemble.
      const trees = joined([
        ...Array.from({ length: 9 }, () => leanTree(random, 5, leaves, asks)),
        ...Array.from({ length: 3 }, () => randomTree(random, 5, 8, asks)),
      ], 5);
      const ways = shallowTable(trees)!.ways;
      for (const way of ["strike", asks ? "ask" : "walk"] as const) assert(ways.includes(way), way);
      for (const missing of [false, true]) {
        await walksAlike(trees, rowsOf(leaves, 1501, 5, missing, asks));
      }
    }
  }
  const random = new Random(7);
  assertEquals(shallowTable(joined([leanTree(random, 5, 33, false)], 5)), undefined);
});

Deno.test("shallow trees: many rows give what each gives alone", async () => {
  await using pool = new WorkerPool(2);
  for (const [features, outputs] of [[1, 1], [3, 1], [25, 1], [5, 3], [400, 1]]) {
    for (const depth of [0, 1, 4, 8]) {
      for (const asks of [false, true]) {
        const trees = ensemble(features + depth, features, depth, outputs, asks);
        assert(shallowTable(trees) !== undefined, `depth ${depth}`);
        for (const missing of [false, true]) {
          await walksAlike(trees, rowsOf(depth, 1501, features, missing, asks));
        }
      }
    }
  }
  const [trees, X] = [ensemble(1, 4, 6), rowsOf(2, 10_000, 4, true)];
  assertEquals(await scores(trees, X, pool), await scores(trees, X));
});

Deno.test("shallow trees: sets of very many words are left as they are", () => {
  const asking = (members: number[], trees: number) =>
    concatTrees(
      Array.from({ length: trees }, (): Tree => ({
        ...{ feature: Int32Array.of(0, -1, -1), threshold: new Float32Array(3) },
        ...{ left: Int32Array.of(1, 0, 1), right: Int32Array.of(2, 0, 0) },
        ...{ missingLeft: new Uint8Array(3), cover: new Float32Array(3).fill(1) },
        ...{ leaves: Float32Array.of(-1, 1), sets: categorySets([members, undefined, undefined]) },
      })),
      {
        ...{ features: 1, outputs: 1, leafWidth: 1, treeOutput: new Int32Array(0), scale: 1 },
        ...{ base: new Float32Array(1), link: "identity" },
      },
    );
  assert(shallowTable(asking([3, 65_535], 100)) !== undefined);
  assertEquals(shallowTable(asking([3, 65_535], 200)), undefined);
});

Deno.test("shallow trees: those that are deep, or hardly branch, are left as they are", () => {
  assertEquals(shallowTable(ensemble(3, 4, 14)), undefined);
  // 32 ends of five splits, one of which goes on for five more: 1,024 ends for 37 leaves.
  const parents = Array.from({ length: 31 }, (_, n) => n);
  parents.push(31, 63, 65, 67, 69);
  const children = new Map(parents.map((node, i) => [node, 2 * i + 1]));
  const nodes = Array.from({ length: 2 * parents.length + 1 }, (_, node) => node);
  const leaves = nodes.filter((node) => !children.has(node));
  const lean: Tree = {
    feature: Int32Array.from(nodes, (node) => children.has(node) ? 0 : -1),
    threshold: new Float32Array(nodes.length),
    left: Int32Array.from(nodes, (node) => children.get(node) ?? leaves.indexOf(node)),
    right: Int32Array.from(nodes, (node) => (children.get(node) ?? -1) + 1),
    missingLeft: new Uint8Array(nodes.length),
    cover: new Float32Array(nodes.length),
    leaves: new Float32Array(leaves.length),
  };
  assertEquals(leaves.length, 37);
  assertEquals(shallowTable(joined([lean], 1)), undefined);
});
