/** Explains held-out rows by trees that a peer grew, and compares with the peer's values. */

import { WorkerPool } from "../../src/base/mod.ts";
import { treeShap } from "../../src/explain/mod.ts";
import { type TreeEnsemble, validateEnsemble } from "../../src/trees/mod.ts";
import { answer, measured, readInto, readPart, sideArguments } from "./side.ts";

/** Arrays of the ensemble as JSON holds them. */
type Saved = { readonly [key in keyof TreeEnsemble]: TreeEnsemble[key] | number[] };

const { folder, threads, model } = sideArguments<{ readonly model: string }>();
const { X } = readPart(folder, "credit", "test");
const trees = readTrees(`${folder}/${model}.json`);

await using pool = new WorkerPool(threads);
const { result, ...cost } = await measured(() => treeShap(trees, X, { pool }));

// The peer's values for the first rows, output by output and feature by feature.
const compared = Math.min(X.rows, 200);
const size = result.outputs * result.features * compared;
const theirs = new Float32Array(new SharedArrayBuffer(4 * size));
readInto(`${folder}/${model}_values.f32`, theirs.buffer);
let largest = 0;
theirs.forEach((value, at) => {
  const row = at % compared;
  const series = (at - row) / compared;
  largest = Math.max(largest, Math.abs(value - result.values[series * X.rows + row]));
});
answer({ ...cost, quality: largest });

function readTrees(path: string): TreeEnsemble {
  const saved: Saved = JSON.parse(Deno.readTextFileSync(path));
  const trees = {
    ...saved,
    roots: Int32Array.from(saved.roots),
    feature: Int32Array.from(saved.feature),
    threshold: Float32Array.from(saved.threshold),
    left: Int32Array.from(saved.left),
    right: Int32Array.from(saved.right),
    missingLeft: Uint8Array.from(saved.missingLeft),
    cover: Float32Array.from(saved.cover),
    leaves: Float32Array.from(saved.leaves),
    treeOutput: Int32Array.from(saved.treeOutput),
    base: Float32Array.from(saved.base),
  } as TreeEnsemble;
  validateEnsemble(trees);
  return trees;
}
