/** Ordered categories: texts to level numbers. */

import type { OrdinalState } from "../../features/mod.ts";
import type { Graph } from "../graph.ts";
import type { Block, Placed } from "./placed.ts";

/** Converts all ordinal columns; whatever is no level becomes the most frequent level. */
export function convertOrdinals(graph: Graph, columns: readonly Placed<OrdinalState>[]): Block {
  const levels = columns.map(({ state: { levels, missing, mode }, input }) => {
    const known = levels.map((level, index) => ({ level, index }))
      .filter(({ level }) => !missing.includes(level));
    return graph.mlNode("LabelEncoder", [input], {
      keys_strings: known.map(({ level }) => level),
      values_floats: Float32Array.from(known, ({ index }) => index),
      default_float: { float: mode },
    });
  });
  return { output: graph.sideBySide(levels), features: columns.map(({ first }) => first) };
}
