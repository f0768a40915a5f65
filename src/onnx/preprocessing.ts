/** From raw columns to the matrix that the trees read, inside the graph. */

import type { ColumnState, FeatureState, NumberFit, OrdinalState } from "../features/mod.ts";
import { convertMultiHot } from "./converters/multi_hot.ts";
import { convertNumbers } from "./converters/number.ts";
import { convertOneHot } from "./converters/one_hot.ts";
import { convertOrdinals } from "./converters/ordinal.ts";
import type { Block, Placed } from "./converters/placed.ts";
import { convertYearsAndMonths } from "./converters/years_and_months.ts";
import type { Graph } from "./graph.ts";

/** The features inside the graph. */
export interface ConvertedFeatures {
  /** Name of the tensor, shape [N, features]. */
  readonly output: string;
  /** For each feature of the native model its column in that tensor, shape [features]. */
  readonly columnOf: Int32Array;
  /** For each column of the tensor its feature and the raw column that it was made from. */
  readonly features: readonly { readonly name: string; readonly column: string }[];
}

/**
 * Converts fitted features. Columns of one kind are converted together, so the
 * tensor's columns stand in another order than the native matrix'; `columnOf`
 * tells which is where.
 *
 * @param inputs Name of the tensor with each raw column, shape [N].
 */
export function convertFeatures(
  graph: Graph,
  state: FeatureState,
  inputs: readonly string[],
): ConvertedFeatures {
  const numbers: Placed<NumberFit>[] = [];
  const ordinals: Placed<OrdinalState>[] = [];
  const blocks: Block[] = [];
  let first = 0;
  state.columns.forEach((column, index) => {
    const input = inputs[index];
    switch (column.kind) {
      case "number":
        numbers.push({ state: column, input, first });
        break;
      case "yearsAndMonths":
        numbers.push({ state: column, input: convertYearsAndMonths(graph, input), first });
        break;
      case "ordinal":
        ordinals.push({ state: column, input, first });
        break;
      case "oneHot":
        blocks.push(convertOneHot(graph, { state: column, input, first }));
        break;
      case "multiHot":
        blocks.push(convertMultiHot(graph, { state: column, input, first }));
        break;
    }
    first += width(column);
  });
  if (ordinals.length > 0) blocks.unshift(convertOrdinals(graph, ordinals));
  if (numbers.length > 0) blocks.unshift(convertNumbers(graph, numbers));
  const order = blocks.flatMap(({ features }) => features);
  const columnOf = new Int32Array(order.length);
  order.forEach((feature, column) => columnOf[feature] = column);
  const rawColumns = state.columns.flatMap((column) => Array(width(column)).fill(column.name));
  return {
    output: graph.node("Concat", blocks.map(({ output }) => output), { axis: 1 }),
    columnOf,
    features: order.map((j) => ({ name: state.features[j], column: rawColumns[j] })),
  };
}

function width(column: ColumnState): number {
  switch (column.kind) {
    case "oneHot":
      return column.categories.length;
    case "multiHot":
      return column.items.length;
    default:
      return 1;
  }
}
