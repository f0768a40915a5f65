/** The trees of a model file, with what the file says about them. */

import { type TreeEnsemble, validateEnsemble } from "../trees/mod.ts";
import { readTrees } from "./read_trees.ts";
import { attributesOf, type ModelPieces } from "../onnx_format/mod.ts";
import { readClassicTrees } from "./read_classic_trees.ts";
import { readTreeNodes } from "./read_tree_nodes.ts";
import { parseTreeFacts, type TreeFacts, treeFactsKey } from "./tree_facts.ts";

/** Trees as they stand in a file. */
export interface FileTrees {
  readonly facts: TreeFacts;
  /** The trees in shared memory, so that workers read them without a copy. */
  readonly trees: TreeEnsemble;
}

/**
 * Reads the trees.
 *
 * @returns undefined if the file does not describe any: its model is linear
 * or calibrated, or an older version of the framework wrote it.
 * @throws {ModelError} if the file is damaged.
 */
export function readEnsemble(pieces: ModelPieces): FileTrees | undefined {
  const text = pieces.metadata.get(treeFactsKey);
  if (text === undefined) return undefined;
  const facts = parseTreeFacts(text);
  const operators = ["TreeEnsemble", "TreeEnsembleRegressor"] as const;
  const { op, attributes } = attributesOf(pieces, operators, facts.matrix);
  const { scale, link } = facts;
  const base = Float64Array.from(facts.base);
  const shape = { features: facts.features.length, base, scale, link };
  const trees = op === "TreeEnsemble"
    ? readTrees(readTreeNodes(attributes), shape)
    : readClassicTrees(attributes, shape);
  validateEnsemble(trees);
  return {
    facts,
    trees: {
      ...trees,
      feature: new Int32Array(shared(trees.feature)),
      threshold: new Float32Array(shared(trees.threshold)),
      left: new Int32Array(shared(trees.left)),
      right: new Int32Array(shared(trees.right)),
      missingLeft: new Uint8Array(shared(trees.missingLeft)),
      cover: new Float32Array(shared(trees.cover)),
      leaves: new Float32Array(shared(trees.leaves)),
      ...trees.sets && {
        sets: {
          of: new Int32Array(shared(trees.sets.of)),
          bounds: new Int32Array(shared(trees.sets.bounds)),
          words: new Int32Array(shared(trees.sets.words)),
        },
      },
    },
  };
}

function shared({ buffer, byteOffset, byteLength }: ArrayBufferView): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(byteLength);
  new Uint8Array(copy).set(new Uint8Array(buffer, byteOffset, byteLength));
  return copy;
}
