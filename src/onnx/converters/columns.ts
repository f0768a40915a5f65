/**
 * The converter of each kind of column; one that is missing does not compile. A
 * new kind has a few lines here, from the pieces that the others are made of.
 */

import { type ColumnState, type KindName, ordinalNumbers } from "../../features/mod.ts";
import { convertMultiHot } from "./multi_hot.ts";
import { sharedNumbers } from "./number.ts";
import { convertOneHot } from "./one_hot.ts";
import { convertPattern } from "./pattern.ts";
import { type Converter, type Shared, together } from "./placed.ts";
import { sharedTexts } from "./text_numbers.ts";

const converters: { readonly [K in KindName]: Converter<ColumnState<K>> } = {
  multiHot: convertMultiHot,
  number: (_graph, column) => together(sharedNumbers, column),
  oneHot: convertOneHot,
  ordinal: (_graph, { state, ...place }) =>
    together(sharedTexts, { ...place, table: ordinalNumbers(state) }),
  pattern: convertPattern,
};

/** Nodes that several columns share, in the order of their blocks. */
export const sharedNodes: readonly Shared<never>[] = [sharedNumbers, sharedTexts];

/** The converter of a fitted column. */
export function converterOf(state: ColumnState): Converter<ColumnState> {
  // Each converter is given states of its own kind only.
  return converters[state.kind] as Converter<ColumnState>;
}
