/** Columns computed from numeric ones. */

import {
  type DerivedState,
  largestFloat32,
  type NumberState,
  type Operation,
} from "../../features/mod.ts";
import type { OnnxGraph } from "../../onnx_format/mod.ts";
import { sharedNumbers } from "./number.ts";
import { type Converted, together } from "./placed.ts";

const operators: { readonly [O in Operation]: string } = {
  ratio: "Div",
  difference: "Sub",
  product: "Mul",
  sum: "Add",
};

/**
 * Converts a derived column: what its columns believe, NaN else, one operation
 * after the other in Float32. The numeric columns' nodes take it from there.
 *
 * @param operands The columns that it is made of, with their tensors.
 * @param first Index of its first feature in the matrix of the native model.
 */
export function convertDerived(
  graph: OnnxGraph,
  state: DerivedState,
  operands: readonly { readonly state: NumberState; readonly input: string }[],
  first: number,
): Converted {
  const single = (value: number) => graph.floats([value], [1]);
  const input = operands.map(({ state: { min, max }, input }) => {
    const highEnough = graph.node("GreaterOrEqual", [input, single(min ?? -largestFloat32)]);
    const lowEnough = graph.node("LessOrEqual", [input, single(max ?? largestFloat32)]);
    const believable = graph.node("And", [highEnough, lowEnough]);
    return graph.node("Where", [believable, input, single(NaN)]);
  }).reduce((left, right) => graph.node(operators[state.operation], [left, right]));
  return together(sharedNumbers, { state, input, first });
}
