/** Free text: ids of n-grams to terms, weighed by rarity, each sort of length 1. */

import { type FreeTextState, rarities } from "../../features/mod.ts";
import { idCount } from "../../text/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { textTensors } from "../../onnx_runtime/mod.ts";
import { convertEncoder } from "./encoder.ts";
import type { FeatureBlock, Placed } from "./placed.ts";

/** Smaller than any norm of a row that has n-grams. */
const nothing = 1e-30;

/**
 * Converts a column of free text to the terms of its bag; its place among the
 * numbers has zeros, as in the native matrix.
 */
export function convertFreeText(
  graph: OnnxGraph,
  { state, input, first, encoders }: Placed<FreeTextState>,
): FeatureBlock {
  const { ids, weights, pieces } = textTensors(input);
  const terms = state.ids.length;
  const places = graph.mlNode("LabelEncoder", [ids], {
    keys_int64s: Int32Array.from(state.ids),
    values_int64s: Int32Array.from(state.ids.keys()),
    default_int64: terms,
  });
  // What is no term of training weighs nothing.
  const rare = graph.node("Gather", [graph.floats([...rarities(state), 0], [terms + 1]), places]);
  const raw = graph.node("Mul", [weights, rare]);
  const values = graph.node("Div", [raw, norms(graph, state, ids, raw)]);
  const total = graph.node("ReduceSum", [weights, graph.integers([1], [1])], { keepdims: 1 });
  const zeros = graph.node("Mul", [total, graph.floats([0], [1])]);
  const bag = { column: first, terms, places, values };
  if (state.encoder === undefined) return { output: zeros, features: [first], bag };
  const vectors = convertEncoder(graph, state.encoder, pieces, encoders![state.encoder.name]);
  return {
    output: graph.node("Concat", [zeros, vectors], { axis: 1 }),
    features: [first, ...state.encoder.places.map((_, j) => first + 1 + j)],
    bag,
  };
}

/** For each n-gram the length of its sort in its row, shape [N, L] or [N, 1]. */
function norms(graph: OnnxGraph, { rules }: FreeTextState, ids: string, raw: string): string {
  const size = 2 ** rules.bits;
  const blocks = idCount(rules) / size;
  const squares = graph.node("Mul", [raw, raw]);
  const along = graph.integers([1], [1]);
  const lengthOf = (squares: string) => {
    const sum = graph.node("ReduceSum", [squares, along], { keepdims: 1 });
    return graph.node("Sqrt", [sum]);
  };
  const least = graph.floats([nothing], [1]);
  if (blocks === 1) return graph.node("Max", [lengthOf(squares), least]);
  const block = graph.node("Div", [ids, graph.integers([size], [1])]);
  const parts = Array.from({ length: blocks }, (_, b) => {
    const own = graph.node("Equal", [block, graph.integers([b], [1])]);
    const mask = graph.cast(own, "float");
    return graph.node("Mul", [mask, lengthOf(graph.node("Mul", [squares, mask]))]);
  });
  const sum = parts.reduce((sum, part) => graph.node("Add", [sum, part]));
  return graph.node("Max", [sum, least]);
}
