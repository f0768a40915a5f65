/** Lists of items: texts to counts. */

import { type MultiHotState, pieceCodes } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { encodeTexts, indicators } from "./one_hot.ts";
import { type FeatureBlock, following, type Placed } from "./placed.ts";

/**
 * Converts a list column. Lists shorter than the longest of the batch are
 * filled up with empty pieces, which like unknown items count nothing.
 */
export function convertMultiHot(
  graph: OnnxGraph,
  { state, input, first }: Placed<MultiHotState>,
): FeatureBlock {
  const { items, separator } = state;
  const pieces = graph.splitText(input, separator);
  const codes = encodeTexts(graph, pieces, pieceCodes(state), items.length);
  const flags = indicators(graph, codes, items.length, 2);
  const counts = graph.node("ReduceSum", [flags, graph.integers([1], [1])], { keepdims: 0 });
  return { output: counts, features: following(first, items.length) };
}
