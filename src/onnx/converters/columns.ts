/**
 * The converter of each kind of column; one that is missing does not compile. A
 * new kind has a few lines here, from the pieces that the others are made of.
 */

import { ModelError } from "../../base/mod.ts";
import {
  binnedTable,
  booleanNumbers,
  categoryNumbers,
  type ColumnState,
  evidenceTable,
  type KindName,
  ordinalNumbers,
  targetNumbers,
} from "../../features/mod.ts";
import { convertDate } from "./date.ts";
import { convertFreeText } from "./free_text.ts";
import { convertMultiHot } from "./multi_hot.ts";
import { sharedNumbers } from "./number.ts";
import { convertOneHot } from "./one_hot.ts";
import { convertPattern } from "./pattern.ts";
import { type Converter, type Shared, together } from "./placed.ts";
import { convertSteps } from "./steps.ts";
import { sharedTexts } from "./text_numbers.ts";

const converters: { readonly [K in KindName]: Converter<ColumnState<K>> } = {
  binned: (graph, column) => convertSteps(graph, column, binnedTable(column.state)),
  boolean: (_graph, { state, ...place }) =>
    together(sharedTexts, { ...place, table: booleanNumbers(state) }),
  category: (_graph, { state, ...place }) =>
    together(sharedTexts, { ...place, table: categoryNumbers(state) }),
  date: convertDate,
  freeText: convertFreeText,
  multiHot: convertMultiHot,
  number: (_graph, column) => together(sharedNumbers, column),
  oneHot: convertOneHot,
  ordinal: (_graph, { state, ...place }) =>
    together(sharedTexts, { ...place, table: ordinalNumbers(state) }),
  pattern: convertPattern,
  targetEncoding: (_graph, { state, input, first }) =>
    together(
      sharedTexts,
      ...targetNumbers(state).map((table, k) => ({ table, input, first: first + k })),
    ),
  tokens: (_graph, { state: { name } }) => {
    throw new ModelError(`Cannot export column "${name}": it holds tokens, no numbers`, {
      next: "export it with a model of spans",
    });
  },
  weightOfEvidence: (graph, column) => convertSteps(graph, column, evidenceTable(column.state)),
};

/** Nodes that several columns share, in the order of their blocks. */
export const sharedNodes: readonly Shared<never>[] = [sharedNumbers, sharedTexts];

/** The converter of a fitted column. */
export function converterOf(state: ColumnState): Converter<ColumnState> {
  // Each converter is given states of its own kind only.
  return converters[state.kind] as Converter<ColumnState>;
}
