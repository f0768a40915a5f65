/** The attributes of a `TreeEnsemble` operator as arrays. */

import type { TreeNodes } from "./tree_layout.ts";
import { damaged, type Field, fieldOf, readFields, unpackInts } from "../onnx_format/mod.ts";

/** Numbers of the fields of `AttributeProto` and `TensorProto`. */
const attribute = { int: 3, tensor: 5, ints: 8 };
const tensor = { raw: 9 };

/**
 * Reads the arrays that `converters/tree_ensemble.ts` wrote.
 *
 * @param attributes Fields of each attribute by its name.
 * @throws {ModelError} if one is missing.
 */
export function readTreeNodes(
  attributes: ReadonlyMap<string, readonly Field[]>,
): { nodes: TreeNodes; outputs: number } {
  const field = (name: string, number: number) => {
    const found = fieldOf(attributes.get(name) ?? [], number);
    if (found === undefined) throw damaged(`its trees have no ${name}`);
    return found;
  };
  const ints = (name: string) => unpackInts(field(name, attribute.ints).bytes);
  const flags = (name: string) => Uint8Array.from(ints(name));
  const raw = (name: string) =>
    fieldOf(readFields(field(name, attribute.tensor).bytes), tensor.raw)?.bytes ??
      new Uint8Array(0);
  // A copy, because a view of floats has to start at a multiple of 4.
  const floats = (name: string) => new Float32Array(raw(name).slice().buffer);
  return {
    outputs: field("n_targets", attribute.int).value,
    nodes: {
      roots: ints("tree_roots"),
      featureIds: ints("nodes_featureids"),
      modes: raw("nodes_modes"),
      splits: floats("nodes_splits"),
      members: attributes.has("membership_values")
        ? floats("membership_values")
        : new Float32Array(0),
      missingTrue: flags("nodes_missing_value_tracks_true"),
      trueIds: ints("nodes_truenodeids"),
      trueLeafs: flags("nodes_trueleafs"),
      falseIds: ints("nodes_falsenodeids"),
      falseLeafs: flags("nodes_falseleafs"),
      trueShares: floats("nodes_hitrates"),
      leafTargets: ints("leaf_targetids"),
      leafWeights: floats("leaf_weights"),
    },
  };
}
