/** Fits a CRF to public texts with spans, or a linear support vector machine to texts with intents. */

import { UserError, WorkerPool } from "../../src/base/mod.ts";
import {
  classes,
  clean,
  type CleanData,
  type FeatureSet,
  featureSet,
  fit,
  fitTransform,
  flatTruth,
  freeText,
  spans,
  type SpanTarget,
  type TextColumn,
  tokenRows,
  tokens,
  type TokensState,
  transform,
} from "../../src/features/mod.ts";
import { crf, linearSvm, predict, predictSequences, spanOrder } from "../../src/learners/mod.ts";
import { averageScores, confusionMatrix, countSpans, spanScores } from "../../src/metrics/mod.ts";
import type { Table } from "../../src/dataset/mod.ts";
import { type MarkedText, usualTemplates } from "../../src/text/mod.ts";
import { answer, measured, sideArguments } from "./side.ts";

interface Message {
  readonly text: string;
  readonly category: string;
}

const { folder, threads, seed, data } = sideArguments<{ data: string }>();
await using pool = new WorkerPool(threads);
await (data === "banking77" ? learnIntents() : learnSpans());

async function learnSpans(): Promise<void> {
  const [train, test] = await parts<MarkedText>();
  const labels = [...new Set(train.flatMap((one) => one.entities.map(({ label }) => label)))];
  const target = spans("entities", labels.sort());
  const set: FeatureSet<SpanTarget> = featureSet({
    target,
    columns: {
      text: tokens({
        split: "blanks",
        templates: usualTemplates.templates,
      }),
    },
  });
  const read = (texts: readonly MarkedText[]): CleanData =>
    clean(
      set,
      tableOf(texts.map(({ text, entities }) => ({
        text,
        entities: JSON.stringify(entities.filter(({ label }) => labels.includes(label))),
      }))),
      { target: "required" },
    );
  const tagsOf = (own: CleanData) => flatTruth(textOf(own), own.spans!, every(own));
  const { result: { state, model }, ...cost } = await measured(async () => {
    const own = read(train);
    const state = fit(set, own).columns[0] as TokensState;
    const tags = tagsOf(own).filter((tag) => tag >= 0);
    const model = await crf().fit(tokenRows(state, textOf(own), every(own)), tags, {
      ...{ order: spanOrder(labels.length), seed, pool },
    });
    return { state, model };
  });
  const held = read(test);
  const { tags } = predictSequences(model, tokenRows(state, textOf(held), every(held)));
  let at = 0;
  const truth = tagsOf(held);
  const said = truth.map((tag) => tag < 0 ? tag : tags[at++]);
  answer({ ...cost, quality: spanScores(countSpans(truth, said, labels.length)).f1 });
}

async function learnIntents(): Promise<void> {
  const [train, test] = await parts<Message>();
  const names = [...new Set(train.map(({ category }) => category))].sort();
  const set = featureSet({ target: classes("category", names), columns: { text: freeText() } });
  const read = (messages: readonly Message[]) =>
    clean(set, tableOf(messages), { target: "required" });
  const { result: { state, model }, ...cost } = await measured(async () => {
    const own = read(train);
    const { state, X } = fitTransform(set, own);
    const options = { classes: names.length, seed, pool };
    const model = await linearSvm({ C: 1, tol: 1e-2 }).fit(X, own.labels!, options);
    return { state, model };
  });
  const held = read(test);
  const said = await predict(model, transform(state, held), pool);
  const matrix = confusionMatrix(held.labels!, said, names.length);
  answer({ ...cost, quality: averageScores(matrix, "macro").f1 });
}

async function parts<Text>(): Promise<Text[][]> {
  try {
    return await Promise.all(
      ["train", "test"].map(async (part) =>
        JSON.parse(await Deno.readTextFile(`${folder}/${data}_${part}.json`))
      ),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(`Cannot learn: ${data} is not there`, {
      next: `put it into ../shared/data/${data}`,
    });
  }
}

function tableOf<Row extends object>(rows: readonly Row[]): Table {
  const names = Object.keys(rows[0]) as (keyof Row & string)[];
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      names.map((name) => [name, rows.map((row) => row[name] as string)]),
    ),
  };
}

function textOf({ columns }: CleanData): TextColumn {
  return columns.text as TextColumn;
}

function every({ rows }: CleanData): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}
