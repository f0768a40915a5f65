/** Whether an ensemble that came from outside holds what its layout promises. */

import { ModelError } from "../base/mod.ts";
import { highestCategory } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";

/**
 * Checks that every array has its length and every index stays inside, so that
 * predicting can neither fail nor loop.
 *
 * @throws {ModelError} naming the first fault.
 */
export function validateEnsemble(trees: TreeEnsemble): void {
  validateShape(trees);
  validateSets(trees);
  const { roots, feature } = trees;
  for (let t = 0; t < roots.length; t++) {
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    if (end <= roots[t]) fault(`root ${t} is node ${roots[t]}, the tree ends at node ${end}`);
    validateTree(trees, roots[t], end);
  }
}

function fault(found: string): never {
  throw new ModelError(`Cannot use the trees: ${found}`, {
    next: "export or save the model again",
  });
}

function validateShape(trees: TreeEnsemble): void {
  const { features, outputs, leafWidth, roots, feature, leaves, treeOutput, base, link } = trees;
  if (!(Number.isInteger(features) && features >= 1)) fault(`${features} features, want 1 or more`);
  if (!(Number.isInteger(outputs) && outputs >= 1)) fault(`${outputs} outputs, want 1 or more`);
  if (leafWidth !== outputs && leafWidth !== 1) {
    fault(`leaf width is ${leafWidth}, want 1 or the ${outputs} outputs`);
  }
  const nodes = feature.length;
  for (const name of ["threshold", "left", "right", "missingLeft", "cover"] as const) {
    if (trees[name].length !== nodes) {
      fault(`${name} has ${trees[name].length} values for ${nodes} nodes`);
    }
  }
  if (roots.length === 0 || roots[0] !== 0) fault("the first tree does not start at node 0");
  if (leaves.length % leafWidth !== 0) {
    fault(`${leaves.length} leaf values do not fill rows of ${leafWidth}`);
  }
  const fed = leafWidth === outputs ? 0 : roots.length;
  if (treeOutput.length !== fed) fault(`treeOutput has ${treeOutput.length} values, want ${fed}`);
  if (treeOutput.some((output) => output < 0 || output >= outputs)) {
    fault(`a tree feeds an output outside 0 to ${outputs - 1}`);
  }
  if (base.length !== outputs) fault(`base has ${base.length} values for ${outputs} outputs`);
  if (![trees.scale, ...base].every(Number.isFinite)) fault("scale or base is not finite");
  if (!leaves.every(Number.isFinite)) fault("a leaf value is not finite");
  if (!["identity", "softmax", "logistic", "exp", "exp2"].includes(link)) {
    fault(`link "${link}" is unknown`);
  }
  if (["logistic", "exp", "exp2"].includes(link) && outputs !== 1) {
    fault(`link "${link}" with ${outputs} outputs`);
  }
}

/** Sets are whole and not empty, and a column is asked in one way. */
function validateSets({ feature, missingLeft, sets }: TreeEnsemble): void {
  if (sets === undefined) return;
  const { of, bounds, words } = sets;
  if (of.length !== feature.length) {
    fault(`${of.length} numbers of sets for ${feature.length} nodes`);
  }
  if (bounds[0] !== 0 || bounds.at(-1) !== words.length) {
    fault(`sets end at word ${bounds.at(-1)} of ${words.length}`);
  }
  for (let set = 0; set + 1 < bounds.length; set++) {
    const size = bounds[set + 1] - bounds[set];
    if (!(size >= 1 && size <= (highestCategory + 1) / 32) || words[bounds[set + 1] - 1] === 0) {
      fault(`set ${set} is empty or has members above ${highestCategory}`);
    }
  }
  const coded = new Map<number, boolean>();
  for (let node = 0; node < feature.length; node++) {
    const set = of[node];
    if (!(set >= -1 && set + 1 < bounds.length) || (set >= 0 && feature[node] < 0)) {
      fault(`node ${node} asks for set ${set} of ${bounds.length - 1}`);
    }
    if (feature[node] < 0) continue;
    if (set >= 0 && missingLeft[node] !== 0) fault(`node ${node} sends missing categories left`);
    if ((coded.get(feature[node]) ?? set >= 0) !== set >= 0) {
      fault(`feature ${feature[node]} has both categories and thresholds`);
    }
    coded.set(feature[node], set >= 0);
  }
}

/** Each node but the root has one parent, which comes before it: no cycles, nothing unreached. */
function validateTree(trees: TreeEnsemble, root: number, end: number): void {
  const { feature, threshold, left, right, features, leaves, leafWidth } = trees;
  const parents = new Uint8Array(end - root);
  for (let node = root; node < end; node++) {
    if (feature[node] < 0) {
      if (left[node] < 0 || left[node] >= leaves.length / leafWidth) {
        fault(`leaf ${node} names leaf row ${left[node]} of ${leaves.length / leafWidth}`);
      }
      continue;
    }
    if (feature[node] >= features) {
      fault(`node ${node} tests feature ${feature[node]} of ${features}`);
    }
    if (Number.isNaN(threshold[node])) fault(`node ${node} has no threshold`);
    for (const child of [left[node], right[node]]) {
      if (child <= node || child >= end) {
        fault(`node ${node} has child ${child}, want one of ${node + 1} to ${end - 1}`);
      }
      parents[child - root]++;
    }
  }
  for (let node = root + 1; node < end; node++) {
    if (parents[node - root] !== 1) fault(`node ${node} has ${parents[node - root]} parents`);
  }
}
