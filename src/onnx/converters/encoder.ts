/** A sentence encoder inside the graph: from ids of word pieces to features. */

import type { EncodedText } from "../../features/mod.ts";
import { importGraph, type OnnxGraph } from "../../onnx_format/mod.ts";

/** What is divided by at the least. */
const least = 1e-12;

/**
 * Adds an encoder's graph, the mean over its pieces' vectors, of length 1, and what the column
 * learned of it.
 *
 * @param pieces Name of the input of ids, shape [N, S]; 0 fills texts up.
 * @param model The encoder's file: ids, mask and types in, a vector for each piece out.
 * @returns Name of the features, shape [N, places].
 */
export function convertEncoder(
  graph: OnnxGraph,
  { places, centre, scale }: EncodedText,
  pieces: string,
  model: Uint8Array,
): string {
  const there = graph.node("Greater", [pieces, graph.integers([0], [1])]);
  graph.node("Identity", [pieces], {}, "input_ids");
  graph.node("Cast", [there], { to: 7 }, "attention_mask");
  graph.node("Mul", [pieces, graph.integers([0], [1])], {}, "token_type_ids");
  const { outputs: [hidden] } = importGraph(graph, model);
  const along = graph.integers([1], [1]);
  const mask = graph.node("Unsqueeze", [graph.cast(there, "float"), graph.integers([2], [1])]);
  const sum = (input: string) => graph.node("ReduceSum", [input, along], { keepdims: 0 });
  const mean = graph.node("Div", [sum(graph.node("Mul", [hidden, mask])), sum(mask)]);
  const squares = graph.node("Mul", [mean, mean]);
  const length = graph.node("Sqrt", [
    graph.node("ReduceSum", [squares, along], { keepdims: 1 }),
  ]);
  const unit = graph.node("Div", [mean, graph.node("Max", [length, graph.floats([least], [1])])]);
  const used = graph.node("Gather", [unit, graph.integers(places, [places.length])], { axis: 1 });
  const moved = graph.node("Sub", [used, graph.floats(centre, [places.length])]);
  return graph.node("Mul", [moved, graph.floats(scale, [places.length])]);
}
