/** Numeric columns: range, median and caps, all columns at once. */

import { largestFloat32, type NumberFit } from "../../features/mod.ts";
import type { Graph } from "../graph.ts";
import type { Block, Placed } from "./placed.ts";

/** Converts all numeric columns; a comparison with NaN is false, so NaN becomes the median too. */
export function convertNumbers(graph: Graph, columns: readonly Placed<NumberFit>[]): Block {
  const row = (pick: (state: NumberFit) => number) =>
    graph.floats(columns.map(({ state }) => pick(state)), [columns.length]);
  const raw = graph.sideBySide(columns.map(({ input }) => input));
  const highEnough = graph.node("GreaterOrEqual", [raw, row(({ min }) => min ?? -largestFloat32)]);
  const lowEnough = graph.node("LessOrEqual", [raw, row(({ max }) => max ?? largestFloat32)]);
  const believable = graph.node("And", [highEnough, lowEnough]);
  const imputed = graph.node("Where", [believable, raw, row(({ median }) => median)]);
  const raised = graph.node("Max", [imputed, row(({ lower }) => lower ?? -largestFloat32)]);
  const capped = graph.node("Min", [raised, row(({ upper }) => upper ?? largestFloat32)]);
  return { output: capped, features: columns.map(({ first }) => first) };
}
