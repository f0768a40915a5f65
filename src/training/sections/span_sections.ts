/** The sections of a report about spans that were found. */

import { flatTruth, type TextColumn, tokensOfColumn } from "../../features/mod.ts";
import {
  countSpans,
  flatTags,
  spanScores,
  spansOfTags,
  type TokenSpan,
} from "../../metrics/mod.ts";
import { histogramFigure, type Section } from "../../report/mod.ts";
import type { ComparisonData } from "../experiment.ts";
import type { HeldOut } from "../held_out.ts";

/** Mistakes that are shown. */
const SHOWN = 30;
/** Letters around a mistake. */
const AROUND = 40;

/** How many spans were found, label by label, and which were not. */
export function spanSections(
  { data }: ComparisonData,
  { rows, predictions }: HeldOut,
  labels: readonly string[],
  column: TextColumn,
): Section[] {
  const yTrue = flatTruth(column, data.spans!, rows);
  const found = flatTags(yTrue, predictions);
  const mistakes: Mistake[] = [];
  let from = 0;
  rows.forEach((row, i) => {
    let to = from;
    while (to < yTrue.length && yTrue[to] !== -1) to++;
    const [own, said] = [yTrue, found].map((tags) => tags.subarray(from, to));
    mistakes.push(...mistakesOf(own, said, column.codes[row], predictions[i]));
    from = to + 1;
  });
  const counts = countSpans(yTrue, found, labels.length);
  const line = (name: string, own: typeof counts) => {
    const [exact, partial] = [spanScores(own), spanScores(own, "partial")];
    const support = own.reduce((sum, { support }) => sum + support, 0);
    return [name, support, exact.precision, exact.recall, exact.f1, partial.f1];
  };
  const surest = mistakes.sort((a, b) => b.confidence - a.confidence);
  return [
    {
      title: "Spans",
      text:
        "Every text was read by a fold that held it out. A span is right if both ends and the " +
        "label are; in part, if it overlaps a true one of its label.",
      table: {
        head: ["Label", "True spans", "Precision", "Recall", "F1", "F1 in part"],
        rows: [...labels.map((label, l) => line(label, [counts[l]])), line("all", counts)],
      },
      figures: [
        histogramFigure("How sure the model is of a text", "Probability of all its tags", [
          { label: "texts", values: Float64Array.from(predictions.subarray(0, rows.length)) },
        ]),
      ],
    },
    {
      title: "Mistakes",
      text: mistakes.length === 0
        ? "There are none."
        : `${mistakes.length.toLocaleString("en")} spans were missed or made up; those of texts ` +
          "that the model was surest of.",
      table: {
        head: ["Text", "True", "Predicted", "Confidence"],
        rows: surest.slice(0, SHOWN).map((mistake) => [
          around(mistake, column),
          mistake.wanted === undefined ? "–" : labels[mistake.wanted.label],
          mistake.given === undefined ? "–" : labels[mistake.given.label],
          mistake.confidence,
        ]),
      },
    },
  ];
}

interface Mistake {
  readonly text: number;
  readonly wanted?: TokenSpan;
  readonly given?: TokenSpan;
  readonly confidence: number;
}

/** Spans that are on one side only, those that overlap together. */
function mistakesOf(
  own: Int32Array,
  said: Int32Array,
  text: number,
  confidence: number,
): Mistake[] {
  const [wanted, given] = [spansOfTags(own), spansOfTags(said)];
  const same = (a: TokenSpan, b: TokenSpan) =>
    a.first === b.first && a.last === b.last && a.label === b.label;
  const missed = wanted.filter((span) => !given.some((other) => same(span, other)));
  const made = given.filter((span) => !wanted.some((other) => same(span, other)));
  const pairs = missed.map((span): Mistake => {
    const at = made.findIndex((other) => other.first <= span.last && other.last >= span.first);
    const [near] = at < 0 ? [] : made.splice(at, 1);
    return { text, wanted: span, ...near && { given: near }, confidence };
  });
  return [...pairs, ...made.map((span) => ({ text, given: span, confidence }))];
}

/** The text around a mistake: what was marked in brackets, what was found in braces. */
function around({ text, wanted, given }: Mistake, column: TextColumn): string {
  const { offsets, starts, ends } = tokensOfColumn(column);
  const written = column.vocabulary[text];
  const marks = [
    ...wanted ? [[wanted, "[", "]"] as const] : [],
    ...given ? [[given, "{", "}"] as const] : [],
  ].flatMap(([{ first, last }, open, close]) => [
    { at: starts[offsets[text] + first], mark: open },
    { at: ends[offsets[text] + last], mark: close },
  ]).sort((a, b) => b.at - a.at);
  const [from, to] = [marks.at(-1)!.at - AROUND, marks[0].at + AROUND];
  let shown = written;
  for (const { at, mark } of marks) shown = shown.slice(0, at) + mark + shown.slice(at);
  const cut = shown.slice(Math.max(0, from), to + marks.length);
  return `${from > 0 ? "…" : ""}${cut}${to < written.length ? "…" : ""}`;
}
