/** Tables of texts with spans, and what a model says of them. */

import {
  clean,
  type CleanData,
  type FeatureSet,
  featureSet,
  fit,
  flatTruth,
  spans,
  type SpanTarget,
  type TextColumn,
  tokenRows,
  tokens,
  type TokensState,
} from "../../src/features/mod.ts";
import {
  predictSequences,
  sequenceLearnerOf,
  type SequenceLearnerSpec,
  type SequenceModel,
  spanOrder,
} from "../../src/learners/mod.ts";
import { countSpans, spanScores } from "../../src/metrics/mod.ts";
import type { Table } from "../../src/dataset/mod.ts";
import type { MarkedText, TokenRules } from "../../src/text/mod.ts";

/** Texts as a table with the columns text and entities. */
export function tableOf(texts: readonly MarkedText[]): Table {
  return {
    rows: texts.length,
    columns: {
      text: texts.map(({ text }) => text),
      entities: texts.map(({ entities }) => JSON.stringify(entities)),
    },
  };
}

/** Names of what the spans of texts are, sorted. */
export function labelsOf(texts: readonly MarkedText[]): string[] {
  return [...new Set(texts.flatMap(({ entities }) => entities.map(({ label }) => label)))].sort();
}

/** A fitted model of spans, with the features that it was fitted on. */
export interface FittedSpans {
  readonly set: FeatureSet<SpanTarget>;
  readonly state: TokensState;
  readonly model: SequenceModel;
}

const every = ({ rows }: CleanData) => Int32Array.from({ length: rows }, (_, row) => row);
const columnOf = (data: CleanData) => data.columns.text as TextColumn;

/** Fits a learner to texts. */
export async function fitted(
  train: readonly MarkedText[],
  learner: SequenceLearnerSpec,
  rules: Partial<TokenRules> = {},
): Promise<FittedSpans> {
  const labels = labelsOf(train);
  const set = featureSet({ target: spans("entities", labels), columns: { text: tokens(rules) } });
  const data = clean(set, tableOf(train), { target: "required" });
  const { columns: [column] } = fit(set, data);
  const state = column as TokensState;
  const model = await sequenceLearnerOf(learner).fit(
    tokenRows(state, columnOf(data), every(data)),
    flatTruth(columnOf(data), data.spans!, every(data)).filter((tag) => tag >= 0),
    { order: spanOrder(labels.length), seed: 1 },
  );
  return { set, state, model };
}

/** Exact-span F1 on texts; labels that training did not know are left out of them. */
export function exactF1({ set, state, model }: FittedSpans, test: readonly MarkedText[]): number {
  const { labels } = set.target;
  const known = test.map(({ text, entities }) => ({
    text,
    entities: entities.filter(({ label }) => labels.includes(label)),
  }));
  const data = clean(set, tableOf(known), { target: "required" });
  const sequences = tokenRows(state, columnOf(data), every(data));
  const { tags } = predictSequences(model, sequences);
  let at = 0;
  const truth = flatTruth(columnOf(data), data.spans!, every(data));
  const said = truth.map((tag) => tag < 0 ? tag : tags[at++]);
  return spanScores(countSpans(truth, said, labels.length)).f1;
}
