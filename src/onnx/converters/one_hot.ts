/** Unordered categories: texts to 0/1 features. */

import type { OneHotState } from "../../features/mod.ts";
import type { Graph } from "../graph.ts";
import { type Block, following, type Placed } from "./placed.ts";

/** Converts a one-hot column: missing becomes the mode, unknown sets nothing. */
export function convertOneHot(
  graph: Graph,
  { state: { categories, missing, mode }, input, first }: Placed<OneHotState>,
): Block {
  const codes = encodeTexts(graph, input, [
    ...categories.map((text, code) => [text, code] as const),
    ...missing.map((text) => [text, mode] as const),
  ], categories.length);
  return {
    output: indicators(graph, codes, categories.length, 1),
    features: following(first, categories.length),
  };
}

/** Texts to codes of the same shape; a text that is not listed gets `unknown`. */
export function encodeTexts(
  graph: Graph,
  input: string,
  codes: readonly (readonly [text: string, code: number])[],
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
export function indicators(graph: Graph, codes: string, depth: number, axis: number): string {
  const offOn = graph.floats([0, 1], [2]);
  return graph.node("OneHot", [codes, graph.integers([depth], []), offOn], { axis });
}
