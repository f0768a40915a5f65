/** Unordered categories: texts to 0/1 features. */

import { oneHotCodes, type OneHotState, type TextCode } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { type FeatureBlock, following, type Placed } from "./placed.ts";

/** Converts a one-hot column; a code beyond the features sets none. */
export function convertOneHot(
  graph: OnnxGraph,
  { state, input, first }: Placed<OneHotState>,
): FeatureBlock {
  const { entries, unknown, width } = oneHotCodes(state);
  const codes = encodeTexts(graph, input, entries, unknown ?? width);
  return { output: indicators(graph, codes, width, 1), features: following(first, width) };
}

/** Texts to codes of the same shape; a text that is not listed gets `unknown`. */
export function encodeTexts(
  graph: OnnxGraph,
  input: string,
  codes: readonly TextCode[],
  unknown: number,
): string {
  return graph.mlNode("LabelEncoder", [input], {
    keys_strings: codes.map(([text]) => text),
    values_int64s: Int32Array.from(codes, ([, code]) => code),
    default_int64: unknown,
  });
}

/**
 * Codes to 0/1 along a new last axis of length `depth`. `OneHot` leaves all
 * zeros for a code that is `depth` or more; −1 would count from the end.
 */
export function indicators(graph: OnnxGraph, codes: string, depth: number, axis: number): string {
  const offOn = graph.floats([0, 1], [2]);
  return graph.node("OneHot", [codes, graph.integers([depth], []), offOn], { axis });
}
