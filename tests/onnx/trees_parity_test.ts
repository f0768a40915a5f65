/** Random ensembles in ONNX Runtime against our own prediction, missing values included. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { Random } from "../../src/base/mod.ts";
import { convertClassifier } from "../../src/onnx/converters/classifier.ts";
import { treeNodes } from "../../src/onnx/converters/tree_nodes.ts";
import { OnnxGraph } from "../../src/onnx_format/graph.ts";
import { encodeModel } from "../../src/onnx_format/model_proto.ts";
import { readEnsemble } from "../../src/onnx_runtime/read_ensemble.ts";
import { readModelPieces } from "../../src/onnx_format/read_model.ts";
import { emptyMatrix, type Matrix } from "../../src/dataset/mod.ts";
import {
  applyLink,
  leafRow,
  predictTreeProba,
  rowScorer,
  rowTrees,
  type TreeEnsemble,
  validateEnsemble,
} from "../../src/trees/mod.ts";
import { randomBoosting, randomForest } from "./random_trees.ts";

/** Few values, so that rows meet thresholds exactly; missing and infinite ones among them. */
const values = [-2, -1, -0.1, 0, 0.1, 1, 2, NaN, Infinity, -Infinity];
const features = 5;

function randomRows(random: Random, rows: number): Matrix {
  const matrix = emptyMatrix(rows, features);
  for (let i = 0; i < matrix.data.length; i++) matrix.data[i] = values[random.int(values.length)];
  return matrix;
}

/** Categories of the features that hold some: dense ones, far ones, and those that end words of bits. */
const categories = [
  undefined,
  [0, 1, 2, 3, 31, 32, 33, 63, 64],
  undefined,
  [1, 5, 1000, 65_535],
  [0, 7],
] as const;

/** Rows with known categories, unknown ones, and what is none. */
function codedRows(random: Random, rows: number): Matrix {
  const matrix = randomRows(random, rows);
  categories.forEach((known, j) => {
    for (let i = 0; known && i < rows; i++) {
      const values = [...known, 4, 30, 70_000, -1, -0, NaN, Infinity, -Infinity];
      matrix.data[j * rows + i] = values[random.int(values.length)];
    }
  });
  return matrix;
}

/** Features that stand in one tensor, of which nobody asks the names. */
const from = { output: "x", features: [], bags: [] };

/** Probabilities class by class, by ONNX Runtime; features stand in reverse order in the graph. */
async function onnxProba(
  trees: TreeEnsemble,
  X: Matrix,
  operators: "current" | "older" = "current",
): Promise<number[]> {
  const graph = new OnnxGraph(operators);
  const columnOf = Int32Array.from({ length: features }, (_, j) => features - 1 - j);
  const output = convertClassifier(graph, { trees }, { ...from, columnOf });
  const classes = trees.link === "logistic" ? 2 : trees.outputs;
  const bytes = encodeModel({
    name: "trees",
    producer: { name: "test", version: "0" },
    operators,
    metadata: {},
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: [{ name: "x", type: "float", dims: ["N", features] }],
    outputs: [{ name: output, type: "float", dims: ["N", classes] }],
  });
  const session = await InferenceSession.create(bytes);
  const x = new Float32Array(X.data.length);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < features; j++) x[i * features + columnOf[j]] = X.data[j * X.rows + i];
  }
  const results = await session.run({ x: new Tensor("float32", x, [X.rows, features]) });
  const data = results[output].data as Float32Array;
  return Array.from(data, (_, at) => data[(at % X.rows) * classes + Math.floor(at / X.rows)]);
}

/** The same, row by row. */
function byRow(trees: TreeEnsemble, X: Matrix): number[] {
  const score = rowScorer(rowTrees(trees));
  const scores = new Float32Array(trees.outputs);
  const rows = Array.from({ length: X.rows }, (_, i) => {
    const row = Float32Array.from({ length: features }, (_, j) => X.data[j * X.rows + i]);
    score(row, scores);
    return [...applyLink(trees.link, scores, 1)];
  });
  return rows[0].flatMap((_, k) => rows.map((row) => row[k]));
}

function options(random: Random, trees: number, depth: number) {
  // A threshold may be infinite, never missing.
  const thresholds = () => values[random.int(7)];
  return { random, features, trees, depth, thresholds };
}

for (const classes of [2, 3, 10]) {
  for (const [name, pure] of [["pure", 1], ["nearly pure", 0.9], ["mixed", 0]] as const) {
    Deno.test(`trees in the graph: forest of ${name} leaves, ${classes} classes, bit for bit`, async () => {
      const random = new Random(classes);
      const trees = randomForest(options(random, 30, 6), classes, pure);
      const X = randomRows(random, 500);
      // Exact: leaf values are multiples of 1/64, which Float32 sums without rounding.
      const native = [...await predictTreeProba(trees, X)];
      assertEquals(await onnxProba(trees, X), native);
      assertEquals(byRow(trees, X), native);
    });
  }
}

for (const outputs of [1, 3, 10]) {
  Deno.test(`trees in the graph: boosting with ${outputs} outputs`, async () => {
    const random = new Random(outputs);
    const trees = randomBoosting(options(random, 40, 5), outputs);
    const X = randomRows(random, 500);
    const [onnx, native] = [await onnxProba(trees, X), await predictTreeProba(trees, X)];
    assertEquals(byRow(trees, X), [...native]);
    // The scores are the same sums; exp differs in the last bits of Float32 (2^-24).
    onnx.forEach((value, at) => assert(Math.abs(value - native[at]) < 1e-6, `${at}: ${value}`));
  });
}

for (const operators of ["current", "older"] as const) {
  Deno.test(`trees in the graph: sets of categories, ${operators} operators, bit for bit`, async () => {
    const random = new Random(5);
    const coded = {
      ...options(random, 30, 6),
      categories: (feature: number) => categories[feature],
    };
    for (const trees of [randomForest(coded, 3, 0.5), randomForest(coded, 2, 1)]) {
      validateEnsemble(trees);
      const X = codedRows(random, 2000);
      const native = [...await predictTreeProba(trees, X)];
      assertEquals(await onnxProba(trees, X, operators), native);
      assertEquals(byRow(trees, X), native);
      // Row by row ONNX Runtime takes another way through the trees.
      const one = codedRows(random, 1);
      assertEquals(await onnxProba(trees, one, operators), [...await predictTreeProba(trees, one)]);
      const walked = Array.from(
        { length: X.rows },
        (_, i) =>
          Array.from(trees.roots, (_, t) => trees.leaves[leafRow(trees, t, X, i) * trees.outputs])
            .reduce((sum, share) => sum + share, 0) / trees.roots.length,
      );
      walked.forEach((share, i) => assertAlmostEquals(share, native[i], 1e-6));
      assertEquals([...await predictTreeProba(readBack(trees, operators), X)], native);
    }
  });
}

/** Trees as their operator's attributes and back. */
function readBack(trees: TreeEnsemble, operators: "current" | "older"): TreeEnsemble {
  const graph = new OnnxGraph(operators);
  const columnOf = Int32Array.from({ length: features }, (_, j) => j);
  const output = convertClassifier(graph, { trees }, { ...from, columnOf });
  const pieces = readModelPieces(encodeModel({
    name: "trees",
    producer: { name: "test", version: "0" },
    operators,
    metadata: {
      trees: JSON.stringify({
        matrix: "x",
        features: categories.map((_, j) => ({ name: `${j}`, column: `${j}` })),
        ...{ base: [...trees.base], scale: trees.scale, link: trees.link },
      }),
    },
    nodes: graph.nodes,
    constants: graph.constants,
    inputs: [{ name: "x", type: "float", dims: ["N", features] }],
    outputs: [{ name: output, type: "float", dims: ["N", trees.outputs] }],
  }));
  return readEnsemble(pieces)!.trees;
}

Deno.test("trees in the graph: one row, trees of one leaf, leaves of nothing", async () => {
  const random = new Random(3);
  const X = randomRows(random, 1);
  const stump = randomForest(options(random, 4, 0), 3, 0);
  assertEquals(await onnxProba(stump, X), [...await predictTreeProba(stump, X)]);
  const empty = { ...stump, leaves: new Float32Array(stump.leaves.length) };
  assertEquals(await onnxProba(empty, X), [0, 0, 0]);
  const boosting = randomBoosting(options(random, 1, 0), 1);
  assertEquals(await onnxProba(boosting, X), [...await predictTreeProba(boosting, X)]);
  for (const trees of [stump, empty, boosting]) {
    assertEquals(byRow(trees, X), [...await predictTreeProba(trees, X)]);
  }
});

Deno.test("treeNodes: copies keep only the branches with a further class; equal leaves are shared", () => {
  // Root: left leaf of class 0, right a node with leaves (0.5, 0.5) and class 1.
  const trees: TreeEnsemble = {
    features: 2,
    outputs: 2,
    roots: Int32Array.of(0),
    feature: Int32Array.of(0, -1, 1, -1, -1),
    threshold: Float32Array.of(1, 0, 2, 0, 0),
    left: Int32Array.of(1, 0, 3, 1, 2),
    right: Int32Array.of(2, 0, 4, 0, 0),
    missingLeft: Uint8Array.of(0, 0, 1, 0, 0),
    cover: new Float32Array(5),
    leaves: Float32Array.of(1, 0, 0.5, 0.5, 0, 1),
    leafWidth: 2,
    treeOutput: new Int32Array(0),
    base: new Float32Array(2),
    scale: 1,
    link: "identity",
  };
  validateEnsemble(trees);
  const nodes = treeNodes(trees, Int32Array.of(1, 0));
  assertEquals(nodes.splits.length, 4);
  assertEquals([...nodes.roots], [0, 2]);
  assertEquals([...nodes.featureIds], [1, 0, 1, 0]);
  const leaf = (id: number) => `${nodes.leafTargets[id]}:${nodes.leafWeights[id]}`;
  const branch = (ids: Int32Array, leafs: Uint8Array) =>
    Array.from(ids, (id, n) => leafs[n] ? leaf(id) : `node ${id}`);
  assertEquals(branch(nodes.trueIds, nodes.trueLeafs), ["0:1", "0:0.5", "0:0", "1:0.5"]);
  assertEquals(branch(nodes.falseIds, nodes.falseLeafs), ["node 1", "1:1", "node 3", "0:0"]);
  assertEquals(nodes.leafTargets.length, 5);
});
