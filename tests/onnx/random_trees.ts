/** Random ensembles to export: any shape, nothing learned. */

import type { Random } from "../../src/base/mod.ts";
import { categorySets, concatTrees, type Tree, type TreeEnsemble } from "../../src/trees/mod.ts";

/** What the ensemble looks like. */
export interface RandomTrees {
  readonly random: Random;
  readonly features: number;
  readonly trees: number;
  readonly depth: number;
  /** Thresholds of each feature are drawn from these values. */
  readonly thresholds: (feature: number) => number;
  /** Categories of a feature that holds some, of which nodes draw sets; no feature does if left out. */
  readonly categories?: (feature: number) => readonly number[] | undefined;
}

/** A forest: leaf vectors of class shares, of one class only with probability `pure`. */
export function randomForest(
  options: RandomTrees,
  classes: number,
  pure: number,
): TreeEnsemble {
  const { random } = options;
  const leaf = () => {
    const shares = new Array<number>(classes).fill(0);
    // Shares in 64ths: any order of summation gives the same Float32.
    for (let rest = 64; rest > 0;) {
      const part = random.next() < pure ? rest : 1 + Math.floor(random.next() * rest);
      shares[Math.floor(random.next() * classes)] += part / 64;
      rest -= part;
    }
    return shares;
  };
  return concatTrees(
    Array.from({ length: options.trees }, () => randomTree(options, leaf)),
    {
      features: options.features,
      outputs: classes,
      leafWidth: classes,
      treeOutput: new Int32Array(0),
      base: new Float32Array(classes),
      scale: 1 / options.trees,
      link: "identity",
    },
  );
}

/** A boosted ensemble: one leaf value, one tree for each output in turn. */
export function randomBoosting(options: RandomTrees, outputs: number): TreeEnsemble {
  const leaf = () => [options.random.next() - 0.5];
  return concatTrees(
    Array.from({ length: options.trees * outputs }, () => randomTree(options, leaf)),
    {
      features: options.features,
      outputs,
      leafWidth: 1,
      treeOutput: outputs === 1
        ? new Int32Array(0)
        : Int32Array.from({ length: options.trees * outputs }, (_, t) => t % outputs),
      base: Float32Array.from({ length: outputs }, () => options.random.next() - 0.5),
      scale: 1,
      link: outputs === 1 ? "logistic" : "softmax",
    },
  );
}

/** A forest of one leaf. */
export function constantTrees(leaves: number[], features: number): TreeEnsemble {
  return {
    features,
    outputs: leaves.length,
    roots: Int32Array.of(0),
    feature: Int32Array.of(-1),
    threshold: new Float32Array(1),
    left: new Int32Array(1),
    right: new Int32Array(1),
    missingLeft: new Uint8Array(1),
    cover: new Float32Array(1),
    leaves: Float32Array.from(leaves),
    leafWidth: leaves.length,
    treeOutput: new Int32Array(0),
    base: new Float32Array(leaves.length),
    scale: 1,
    link: "identity",
  };
}

function randomTree(
  { random, features, depth, thresholds, categories }: RandomTrees,
  leaf: () => number[],
): Tree {
  const nodes = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    missingLeft: [] as number[],
    leaves: [] as number[],
  };
  const sets: (number[] | undefined)[] = [];
  let leafRows = 0;
  const grow = (level: number): number => {
    const node = nodes.feature.length;
    const isLeaf = level === depth || random.next() < 0.1;
    const feature = isLeaf ? -1 : Math.floor(random.next() * features);
    nodes.feature.push(feature);
    const known = isLeaf ? undefined : categories?.(feature);
    sets[node] = known?.filter(() => random.next() < 0.4);
    if (known && sets[node]!.length === 0) sets[node] = [known[random.int(known.length)]];
    nodes.threshold.push(isLeaf || known ? 0 : thresholds(feature));
    nodes.missingLeft.push(!isLeaf && !known && random.next() < 0.5 ? 1 : 0);
    nodes.left.push(0);
    nodes.right.push(0);
    if (isLeaf) {
      nodes.leaves.push(...leaf());
      nodes.left[node] = leafRows++;
    } else {
      nodes.left[node] = grow(level + 1);
      nodes.right[node] = grow(level + 1);
    }
    return node;
  };
  grow(0);
  const asked = categorySets(sets);
  return {
    ...asked && { sets: asked },
    feature: Int32Array.from(nodes.feature),
    threshold: Float32Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    missingLeft: Uint8Array.from(nodes.missingLeft),
    cover: new Float32Array(nodes.feature.length).fill(1),
    leaves: Float32Array.from(nodes.leaves),
  };
}
