/** From raw columns to the matrix that the trees read, inside the graph. */

import {
  featureColumns,
  featureIndices,
  featuresOf,
  type FeatureState,
  type NumberState,
} from "../features/mod.ts";
import { converterOf, sharedNodes } from "./converters/columns.ts";
import { convertDerived } from "./converters/derived.ts";
import type {
  Converted,
  ConvertedBag,
  Encoders,
  FeatureBlock,
  Shared,
} from "./converters/placed.ts";
import type { OnnxGraph } from "../onnx_format/mod.ts";

/** The features inside the graph. */
export interface ConvertedFeatures {
  /** Name of the tensor, shape [N, features]. */
  readonly output: string;
  /** For each feature of the native model its column in that tensor, shape [features]. */
  readonly columnOf: Int32Array;
  /** For each column of the tensor its feature and the raw column that it was made from. */
  readonly features: readonly { readonly name: string; readonly column: string }[];
  /** The terms of the columns that hold bags. */
  readonly bags: readonly ConvertedBag[];
}

/**
 * Converts fitted features. Columns of one kind are converted together, so the
 * tensor's columns stand in another order than the native matrix'; `columnOf`
 * tells which is where.
 *
 * @param inputs Name of the tensor with each raw column, shape [N]; of free text its own name.
 * @param encoders Model files of sentence encoders, by name.
 */
export function convertFeatures(
  graph: OnnxGraph,
  state: FeatureState,
  inputs: readonly string[],
  encoders: Encoders = {},
): ConvertedFeatures {
  const parts = new Map<Shared<never>, never[]>();
  const blocks: FeatureBlock[] = [];
  let first = 0;
  const take = (converted: Converted) => {
    if ("shared" in converted) {
      const { shared, parts: own } = converted;
      parts.set(shared, [...parts.get(shared) ?? [], ...own]);
    } else blocks.push(converted);
  };
  state.columns.forEach((column, index) => {
    take(converterOf(column)(graph, { state: column, input: inputs[index], first, encoders }));
    first += featuresOf(column).length;
  });
  for (const derived of state.derived ?? []) {
    const operands = derived.of.map((name) => {
      const at = state.columns.findIndex((column) => column.name === name);
      return { state: state.columns[at] as NumberState, input: inputs[at] };
    });
    take(convertDerived(graph, derived, operands, first));
    first += featureIndices(state, derived.name).length;
  }
  for (const shared of sharedNodes.toReversed()) {
    const own = parts.get(shared);
    if (own !== undefined) blocks.unshift(...shared.convert(graph, own));
  }
  const order = blocks.flatMap(({ features }) => features);
  const columnOf = new Int32Array(order.length);
  order.forEach((feature, column) => columnOf[feature] = column);
  const rawColumns = featureColumns(state);
  return {
    output: graph.node("Concat", blocks.map(({ output }) => output), { axis: 1 }),
    columnOf,
    features: order.map((j) => ({ name: state.features[j], column: rawColumns[j] })),
    bags: blocks.flatMap(({ bag }) => bag ?? []),
  };
}
