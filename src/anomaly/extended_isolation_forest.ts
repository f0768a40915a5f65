/** Extended isolation forest: random slopes instead of single columns. */

import { ModelError, type Random, UsageError } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { checkRows } from "./check_rows.ts";
import type { Detector } from "./contract.ts";
import { rowsWithoutRepetition } from "./draw_rows.ts";
import { checkForest, eachTree, type IsolationForestParams } from "./isolation_forest.ts";
import { averagePathLength } from "./path_length.ts";

/** Parameters of {@linkcode extendedIsolationForest}. */
export interface ExtendedIsolationForestParams extends IsolationForestParams {
  /** Columns of a slope less one: 0 splits one column, as the plain forest; default all columns. */
  readonly extension?: number;
}

/** A fitted extended isolation forest. */
export interface ExtendedIsolationForest {
  /** Tells detectors apart. */
  readonly kind: "ExtendedIsolationForest";
  /** Columns that it reads. */
  readonly features: number;
  /** Its trees. */
  readonly slopes: readonly SlopedTree[];
  /** c(drawn rows), by which the mean depth is divided. */
  readonly usualDepth: number;
}

/** A tree whose nodes part rows by a slope. */
export interface SlopedTree {
  /** Slope of each node, node by node, shape [nodes × features]. */
  readonly normals: Float64Array;
  /** A row goes left where slope · row is at most this, shape [nodes]. */
  readonly offsets: Float64Array;
  /** Left child of each node, −1 at a leaf; shape [nodes]. */
  readonly left: Int32Array;
  /** Right child of each node, shape [nodes]. */
  readonly right: Int32Array;
  /** Depth + c(rows) at a leaf, shape [nodes]. */
  readonly depth: Float64Array;
}

/**
 * An extended isolation forest. Its slopes leave no shadows along the axes, which plain
 * isolation forests have; no single ONNX operator evaluates them, so that it scores here only.
 *
 * Source: Hariri, Carrasco Kind and Brunner, Extended Isolation Forest (2019).
 *
 * @throws {UsageError} for a parameter out of its range.
 */
export function extendedIsolationForest(
  { nEstimators = 100, maxSamples = 256, extension }: ExtendedIsolationForestParams = {},
): Detector<ExtendedIsolationForest> {
  checkForest("extendedIsolationForest", { nEstimators, maxSamples });
  return {
    name: "ExtendedIsolationForest",
    params: { nEstimators, maxSamples, extension: extension ?? null },
    async fit(X, options) {
      checkRows("extendedIsolationForest", X, "refused");
      const sloped = (extension ?? X.columns - 1) + 1;
      if (!(Number.isInteger(sloped) && sloped >= 1 && sloped <= X.columns)) {
        throw new UsageError(`Cannot set extension of extendedIsolationForest to ${extension}`, {
          next: `give a whole number from 0 to ${X.columns - 1}, one less than the columns`,
        });
      }
      const drawn = Math.min(maxSamples, X.rows);
      return {
        kind: "ExtendedIsolationForest",
        features: X.columns,
        slopes: await eachTree(nEstimators, options, (random) => grow(X, drawn, sloped, random)),
        usualDepth: averagePathLength(drawn),
      };
    },
  };
}

function grow(X: Matrix, drawn: number, sloped: number, random: Random): SlopedTree {
  const rows = rowsWithoutRepetition(X.rows, drawn, random);
  const width = X.columns;
  const deepest = Math.ceil(Math.log2(drawn));
  const [normals, offsets, left, right, depths]: number[][] = [[], [], [], [], []];
  const add = (depth: number) => {
    for (let j = 0; j < width; j++) normals.push(0);
    offsets.push(0);
    right.push(0);
    depths.push(depth);
    return left.push(-1) - 1;
  };
  const columns = Int32Array.from({ length: width }, (_, j) => j);
  const split = (from: number, to: number, depth: number): number => {
    const size = to - from;
    const node = add(depth + averagePathLength(size));
    if (depth >= deepest || size <= 1) return node;
    // Columns that do not differ cannot part anything.
    const ranges = rangesOf(X, rows, from, to);
    const differing = columns.filter((j) => ranges[2 * j] < ranges[2 * j + 1]);
    if (differing.length === 0) return node;
    const chosen = random.shuffle(differing).subarray(0, sloped);
    let offset = 0;
    for (const j of chosen) {
      const slope = random.normal();
      normals[node * width + j] = slope;
      offset += slope * random.uniform(ranges[2 * j], ranges[2 * j + 1]);
    }
    offsets[node] = offset;
    let middle = from;
    for (let i = from; i < to; i++) {
      const row = rows[i];
      let sum = 0;
      for (const j of chosen) sum += normals[node * width + j] * X.data[j * X.rows + row];
      if (sum > offset) continue;
      rows[i] = rows[middle];
      rows[middle++] = row;
    }
    left[node] = split(from, middle, depth + 1);
    right[node] = split(middle, to, depth + 1);
    return node;
  };
  split(0, drawn, 0);
  return {
    normals: Float64Array.from(normals),
    offsets: Float64Array.from(offsets),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    depth: Float64Array.from(depths),
  };
}

function rangesOf(X: Matrix, rows: Int32Array, from: number, to: number): Float64Array {
  const ranges = new Float64Array(2 * X.columns);
  for (let j = 0; j < X.columns; j++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = from; i < to; i++) {
      const value = X.data[j * X.rows + rows[i]];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    ranges[2 * j] = low;
    ranges[2 * j + 1] = high;
  }
  return ranges;
}

/** The score of each row, in (0, 1], shape [rows]. */
export function scoreSlopes(model: ExtendedIsolationForest, X: Matrix): Float64Array {
  const { features, slopes, usualDepth } = model;
  if (X.columns !== features) {
    throw new ModelError(`Cannot score rows of ${X.columns} columns`, {
      next: `give the ${features} columns that the forest was fitted on`,
    });
  }
  const row = new Float64Array(features);
  return Float64Array.from({ length: X.rows }, (_, i) => {
    for (let j = 0; j < features; j++) row[j] = X.data[j * X.rows + i];
    let sum = 0;
    for (const tree of slopes) {
      let node = 0;
      while (tree.left[node] >= 0) {
        let along = 0;
        const start = node * features;
        for (let j = 0; j < features; j++) along += tree.normals[start + j] * row[j];
        node = along <= tree.offsets[node] ? tree.left[node] : tree.right[node];
      }
      sum += tree.depth[node];
    }
    return 2 ** (-sum / slopes.length / usualDepth);
  });
}
