/** Trees from the attributes of a `TreeEnsembleRegressor` operator. */

import { categorySets, concatTrees, type Tree, type TreeEnsemble } from "../trees/mod.ts";
import { classicModes } from "./tree_layout.ts";
import { damaged, type Field, fieldOf, textsOf, unpackInts } from "../onnx_format/mod.ts";

/** Numbers of the fields of `AttributeProto`. */
const attribute = { int: 3, floats: 7, ints: 8, strings: 9 };

/**
 * Reads the trees that `converters/classic_trees.ts` wrote. `cover` is the share
 * of each tree's training weight.
 *
 * @param attributes Fields of each attribute by its name.
 * @throws {ModelError} if one is missing.
 */
export function readClassicTrees(
  attributes: ReadonlyMap<string, readonly Field[]>,
  shape: Pick<TreeEnsemble, "features" | "base" | "scale" | "link">,
): TreeEnsemble {
  const fields = (name: string) => {
    const found = attributes.get(name);
    if (found === undefined) throw damaged(`its trees have no ${name}`);
    return found;
  };
  const ints = (name: string) => unpackInts(bytesOf(fields(name), attribute.ints));
  const floats = (name: string) =>
    // A copy, because a view of floats has to start at a multiple of 4.
    new Float32Array(bytesOf(fields(name), attribute.floats).slice().buffer);
  const outputs = fieldOf(fields("n_targets"), attribute.int)?.value ?? 0;
  const kinds = textsOf(fields("nodes_modes"), attribute.strings);
  const treeIds = ints("nodes_treeids");
  const featureIds = ints("nodes_featureids");
  const [yes, no] = [ints("nodes_truenodeids"), ints("nodes_falsenodeids")];
  const missing = ints("nodes_missing_value_tracks_true");
  const [values, shares] = [floats("nodes_values"), floats("nodes_hitrates")];
  const [ofTree, ofNode] = [ints("target_treeids"), ints("target_nodeids")];
  const [scores, weights] = [ints("target_ids"), floats("target_weights")];

  const scoreOf = new Map<number, number>();
  let single = outputs > 1;
  scores.forEach((score, at) => {
    if ((scoreOf.get(ofTree[at]) ?? score) !== score) single = false;
    scoreOf.set(ofTree[at], score);
  });
  const leafWidth = single ? 1 : outputs;
  const trees: Tree[] = [];
  for (let start = 0, target = 0; start < treeIds.length;) {
    const tree = treeIds[start];
    let end = start;
    while (end < treeIds.length && treeIds[end] === tree) end++;
    const isTest = (node: number) => kinds[node] === classicModes.equal;
    /** The next test of the same set; it leads to the same node. */
    const nextTest = (node: number) => {
      const next = start + no[node];
      return isTest(next) && yes[next] === yes[node] ? next : -1;
    };
    const chains = new Map<number, number[]>();
    const further = new Set<number>();
    for (let first = start; first < end; first++) {
      if (!isTest(first) || further.has(first)) continue;
      const chain = [first];
      for (let next = nextTest(first); next >= 0; next = nextTest(next)) {
        if (further.has(next)) throw damaged(`a test of tree ${tree} comes after itself`);
        further.add(next);
        chain.push(next);
      }
      chains.set(first, chain);
    }
    // Further tests of sets stand after all nodes, whose numbers they leave as they are.
    const part = Int32Array.from({ length: end - start - further.size }, (_, i) => start + i);
    const sets = categorySets(
      Array.from(part, (node) => chains.get(node)?.map((test) => values[test])),
    );
    const leafRows = new Map<number, number>();
    part.filter((node) => kinds[node] === classicModes.leaf)
      .forEach((node, row) => leafRows.set(node - start, row));
    const leaves = new Float32Array(leafRows.size * leafWidth);
    for (; target < ofTree.length && ofTree[target] === tree; target++) {
      const row = leafRows.get(ofNode[target]);
      if (row === undefined) throw damaged(`node ${ofNode[target]} of tree ${tree} is no leaf`);
      leaves[row * leafWidth + (single ? 0 : scores[target])] = weights[target];
    }
    trees.push({
      feature: part.map((node) => kinds[node] === classicModes.leaf ? -1 : featureIds[node]),
      ...sets && { sets },
      threshold: Float32Array.from(part, (node) => isTest(node) ? 0 : values[node]),
      left: part.map((node) => leafRows.get(node - start) ?? yes[node]),
      right: part.map((node) => no[chains.get(node)?.at(-1) ?? node]),
      missingLeft: Uint8Array.from(part, (node) => missing[node]),
      cover: Float32Array.from(part, (node) => shares[node]),
      leaves,
    });
    start = end;
  }
  const treeOutput = single ? Int32Array.from(trees, (_, t) => scoreOf.get(t)!) : new Int32Array(0);
  return concatTrees(trees, { ...shape, outputs, leafWidth, treeOutput });
}

function bytesOf(fields: readonly Field[], number: number): Uint8Array {
  return fieldOf(fields, number)?.bytes ?? new Uint8Array(0);
}
