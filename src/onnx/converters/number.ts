/** Numeric columns: range, median, caps, logarithm and scale, all columns at once. */

import { largestFloat32, type NumberFit } from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import type { Placed, Shared } from "./placed.ts";

/**
 * Converts all numeric columns; a comparison with NaN is false, so NaN becomes
 * the median too. Steps that no column needs are left out.
 */
export const sharedNumbers: Shared<Placed<NumberFit>> = {
  convert(graph: OnnxGraph, columns) {
    const row = (pick: (state: NumberFit) => number) =>
      graph.floats(columns.map(({ state }) => pick(state)), [columns.length]);
    const some = (holds: (state: NumberFit) => unknown) =>
      columns.some(({ state }) => holds(state));
    const raw = graph.sideBySide(columns.map(({ input }) => input));
    const highEnough = graph.node("GreaterOrEqual", [
      raw,
      row(({ min }) => min ?? -largestFloat32),
    ]);
    const lowEnough = graph.node("LessOrEqual", [raw, row(({ max }) => max ?? largestFloat32)]);
    const believable = graph.node("And", [highEnough, lowEnough]);
    const imputed = graph.node("Where", [believable, raw, row(({ median }) => median)]);
    const raised = graph.node("Max", [imputed, row(({ lower }) => lower ?? -largestFloat32)]);
    let features = graph.node("Min", [raised, row(({ upper }) => upper ?? largestFloat32)]);
    if (some(({ log1p }) => log1p)) {
      // In Float64, as the native features compute, and rounded once.
      const one = graph.node("Add", [graph.cast(features, "double"), graph.doubles([1], [1])]);
      const taken = graph.cast(graph.node("Log", [one]), "float");
      features = graph.node("Where", [
        flags(graph, columns, ({ log1p }) => log1p),
        taken,
        features,
      ]);
    }
    if (some(({ scale }) => scale)) {
      const centred = graph.node("Sub", [features, row(({ scale }) => scale?.centre ?? 0)]);
      features = graph.node("Div", [centred, row(({ scale }) => scale?.spread ?? 1)]);
    }
    if (some(({ missing }) => missing === "keep")) {
      const filled = flags(graph, columns, ({ missing }) => missing !== "keep");
      const there = graph.node("Or", [believable, filled]);
      features = graph.node("Where", [there, features, graph.floats([NaN], [1])]);
    }
    const blocks = [{ output: features, features: columns.map(({ first }) => first) }];
    const told = columns.flatMap(({ state, first }, at) =>
      state.missing === "indicator" ? [{ at, feature: first + 1 }] : []
    );
    if (told.length > 0) {
      const places = graph.integers(told.map(({ at }) => at), [told.length]);
      const missing = graph.node("Not", [graph.node("Gather", [believable, places], { axis: 1 })]);
      blocks.push({
        output: graph.cast(missing, "float"),
        features: told.map(({ feature }) => feature),
      });
    }
    return blocks;
  },
};

/** A constant that tells which columns are meant, shape [columns]. */
function flags(
  graph: OnnxGraph,
  columns: readonly Placed<NumberFit>[],
  holds: (state: NumberFit) => unknown,
): string {
  const ones = columns.map(({ state }) => holds(state) ? 1 : 0);
  return graph.node("Cast", [graph.integers(ones, [columns.length])], { to: 9 });
}
