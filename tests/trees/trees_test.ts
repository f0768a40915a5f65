/** Flat ensembles: prediction, validation and the JSON form, on trees written by hand. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ModelError, Random, WorkerPool } from "../../src/base/mod.ts";
import { emptyMatrix, matrixFromRows } from "../../src/dataset/mod.ts";
import {
  concatTrees,
  mostProbable,
  packEnsemble,
  predictTreeProba,
  rowScorer,
  rowTrees,
  scores,
  type Tree,
  type TreeEnsemble,
  unpackEnsemble,
  validateEnsemble,
} from "../../src/trees/mod.ts";

/** x[column] ≤ threshold ? left : right. */
function stump(
  column: number,
  threshold: number,
  missingLeft: 0 | 1,
  left: number[],
  right: number[],
): Tree {
  return {
    feature: Int32Array.of(column, -1, -1),
    threshold: Float32Array.of(threshold, 0, 0),
    left: Int32Array.of(1, 0, 1),
    right: Int32Array.of(2, 0, 0),
    missingLeft: Uint8Array.of(missingLeft, 0, 0),
    cover: Float32Array.of(2, 1, 1),
    leaves: Float32Array.of(...left, ...right),
  };
}

const forest = concatTrees(
  [stump(0, 1, 1, [1, 0], [0.25, 0.75]), stump(1, 2, 0, [0.5, 0.5], [0, 1])],
  {
    features: 2,
    outputs: 2,
    leafWidth: 2,
    treeOutput: new Int32Array(0),
    base: new Float32Array(2),
    scale: 0.5,
    link: "identity",
  },
);

function boosting(outputs: number, link: TreeEnsemble["link"]): TreeEnsemble {
  return concatTrees(
    Array.from({ length: outputs }, (_, k) => stump(k % 2, k, 1, [k], [-1])),
    {
      features: 2,
      outputs,
      leafWidth: 1,
      treeOutput: outputs === 1
        ? new Int32Array(0)
        : Int32Array.from({ length: outputs }, (_, k) => k),
      base: new Float32Array(outputs).fill(0.5),
      scale: 1,
      link,
    },
  );
}

Deno.test("trees: a forest's scores are scaled sums, class by class", async () => {
  const X = matrixFromRows([[1, 2], [1.5, 2], [1, 2.5], [NaN, NaN]]);
  // At the threshold a row goes left; NaN goes left in the first tree, right in the second.
  assertEquals([...await scores(forest, X)], [0.75, 0.375, 0.5, 0.5, 0.25, 0.625, 0.5, 0.5]);
  assertEquals([...mostProbable(await predictTreeProba(forest, X), X.rows)], [0, 1, 0, 0]);
});

Deno.test("trees: each boosted tree feeds its own output, over the base", async () => {
  const X = matrixFromRows([[5, 1], [0, 0]]);
  assertEquals([...await scores(boosting(3, "softmax"), X)], [-0.5, 0.5, 1.5, 1.5, -0.5, 2.5]);
});

Deno.test("trees: softmax and logistic links give probabilities", async () => {
  const X = matrixFromRows([[0, 0]]);
  const soft = await predictTreeProba(boosting(3, "softmax"), X);
  const exponentials = [0.5, 1.5, 2.5].map(Math.exp);
  const sum = exponentials.reduce((a, b) => a + b);
  // One rounding to Float32 before and one after the division.
  exponentials.forEach((e, k) => assertEquals(Math.abs(soft[k] - e / sum) < 2e-7, true));
  const [no, yes] = await predictTreeProba(boosting(1, "logistic"), X);
  assertEquals(yes, Math.fround(1 / (1 + Math.exp(-0.5))));
  assertEquals(no, Math.fround(1 - yes));
});

Deno.test("trees: of equally probable classes the first is the label", () => {
  assertEquals([...mostProbable([0.2, 0.4, 0.4, 0.3, 0.4, 0.3], 2)], [1, 0]);
});

Deno.test("trees: many rows give what each gives alone, with and without workers", async () => {
  const random = new Random(1);
  const X = emptyMatrix(20_000, 2);
  for (let i = 0; i < X.data.length; i++) {
    X.data[i] = random.int(10) === 0 ? NaN : random.uniform(0, 4);
  }
  const together = await scores(forest, X);
  const scoreRow = rowScorer(rowTrees(forest));
  await using pool = new WorkerPool(2);
  assertEquals(await scores(forest, X, pool), together);
  for (const i of [0, 8191, 8192, 19_999]) {
    const row = [X.data[i], X.data[X.rows + i]];
    assertEquals([...await scores(forest, matrixFromRows([row]))], [
      together[i],
      together[X.rows + i],
    ]);
    const scored = new Float32Array(2);
    scoreRow(Float32Array.from(row), scored);
    assertEquals([...scored], [together[i], together[X.rows + i]]);
  }
});

Deno.test("trees: rows of another width are refused", async () => {
  await assertRejects(
    () => scores(forest, emptyMatrix(1, 3)),
    ModelError,
    "Cannot predict: the rows have 3 columns, the trees read 2",
  );
});

Deno.test("trees: an ensemble survives JSON to the bit", () => {
  for (const trees of [forest, boosting(1, "logistic"), boosting(3, "softmax")]) {
    trees.threshold[0] = Infinity;
    assertEquals(unpackEnsemble(JSON.parse(JSON.stringify(packEnsemble(trees)))), trees);
    trees.threshold[0] = 1;
  }
});

Deno.test("trees: damaged JSON is refused", () => {
  const packed = packEnsemble(forest);
  for (const threshold of ["AAA", "AAAA", "?", undefined]) {
    assertThrows(
      () => unpackEnsemble({ ...packed, threshold } as typeof packed),
      ModelError,
      '"threshold"',
    );
  }
  assertThrows(
    () => unpackEnsemble({ ...packed, threshold: "" }),
    ModelError,
    "threshold has 0 values for 6 nodes",
  );
});

const damages: [string, Partial<TreeEnsemble>, string][] = [
  ["a feature that is not there", { features: 1 }, "node 3 tests feature 1 of 1"],
  ["a cycle", { left: Int32Array.of(0, 0, 1, 4, 2, 3) }, "node 0 has child 0"],
  ["a child in another tree", { right: Int32Array.of(4, 0, 0, 5, 0, 0) }, "node 0 has child 4"],
  ["two parents", { right: Int32Array.of(1, 0, 0, 5, 0, 0) }, "node 1 has 2 parents"],
  ["a leaf row too far", { left: Int32Array.of(1, 0, 1, 4, 2, 9) }, "leaf 5 names leaf row 9 of 4"],
  ["no trees", { roots: new Int32Array(0) }, "the first tree does not start at node 0"],
  ["falling roots", { roots: Int32Array.of(0, 0) }, "root 0 is node 0, the tree ends at node 0"],
  ["a short array", { cover: new Float32Array(5) }, "cover has 5 values for 6 nodes"],
  ["half a leaf", { leaves: new Float32Array(7) }, "7 leaf values do not fill rows of 2"],
  ["a leaf that is no number", { leaves: new Float32Array(8).fill(NaN) }, "a leaf value is not"],
  ["a wide leaf", { leafWidth: 3 }, "leaf width is 3, want 1 or the 2 outputs"],
  ["no output for a tree", { leafWidth: 1 }, "treeOutput has 0 values, want 2"],
  ["a wrong link", { link: "logistic" }, 'link "logistic" with 2 outputs'],
  ["no scale", { scale: NaN }, "scale or base is not finite"],
  ["no threshold", { threshold: new Float32Array(6).fill(NaN) }, "node 0 has no threshold"],
];
for (const [what, damage, message] of damages) {
  Deno.test(`trees: validation finds ${what}`, () => {
    validateEnsemble(forest);
    const error = assertThrows(() => validateEnsemble({ ...forest, ...damage }), ModelError);
    assertEquals(error.message.includes(message), true, error.message);
  });
}
