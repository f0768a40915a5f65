/** Numbers in bins: the features of each bin from a table. */

import { largestFloat32, type Steps, type StepTable } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { type FeatureBlock, following, type Placed } from "./placed.ts";

/** Converts a column of bins: counts the borders at or below each value, and looks its row up. */
export function convertSteps(
  graph: OnnxGraph,
  { state: { min, max, edges }, input, first }: Placed<Steps>,
  table: StepTable,
): FeatureBlock {
  const single = (value: number) => graph.floats([value], [1]);
  const highEnough = graph.node("GreaterOrEqual", [input, single(min ?? -largestFloat32)]);
  const lowEnough = graph.node("LessOrEqual", [input, single(max ?? largestFloat32)]);
  const believable = graph.node("And", [highEnough, lowEnough]);
  const missing = graph.integers([edges.length + 1], [1]);
  let bins = graph.node("Where", [believable, graph.integers([0], [1]), missing]);
  if (edges.length > 0) {
    const column = graph.node("Reshape", [input, graph.integers([-1, 1], [2])]);
    const borders = graph.floats(edges, [1, edges.length]);
    const passed = graph.cast(graph.node("GreaterOrEqual", [column, borders]), "int64");
    const count = graph.node("ReduceSum", [passed, graph.integers([1], [1])], { keepdims: 0 });
    bins = graph.node("Where", [believable, count, missing]);
  }
  const width = table[0].length;
  const rows = graph.floats(table.flatMap((row) => row.map((v) => v ?? NaN)), [
    table.length,
    width,
  ]);
  return {
    output: graph.node("Gather", [rows, bins], { axis: 0 }),
    features: following(first, width),
  };
}
