/** Which classes are taken for one another, and which rows the model is surest and wrong of. */

import type { CleanData } from "../../features/mod.ts";
import { confusionMatrix } from "../../metrics/mod.ts";
import type { Section } from "../../report/mod.ts";
import { mostProbable } from "../../trees/mod.ts";
import type { OutOfFold } from "../held_out.ts";

const PAIRS = 15;
const EXAMPLES = 20;
/** Letters of a text that are shown. */
const SHOWN = 120;

/**
 * The most confused pairs of classes, and the hardest rows with their free text.
 *
 * @param rows The held-out rows among `data`.
 */
export function mistakesSection(
  { labels, probabilities }: OutOfFold,
  rows: Int32Array,
  data: CleanData,
  classes: readonly string[],
): Section {
  const count = labels.length;
  const predicted = mostProbable(probabilities, count);
  const matrix = confusionMatrix(labels, predicted, classes.length);
  const pairs = classes.flatMap((own, k) =>
    classes.flatMap((other, l) => {
      const taken = matrix[k][l];
      return k === l || taken === 0 ? [] : [{ own, other, taken }];
    })
  ).sort((a, b) => b.taken - a.taken).slice(0, PAIRS);
  const sure = (i: number, code: number) => probabilities[code * count + i];
  const wrong = [...labels.keys()].filter((i) => predicted[i] !== labels[i])
    .sort((a, b) => sure(b, predicted[b]) - sure(a, predicted[a]) || a - b)
    .slice(0, EXAMPLES);
  const texts = Object.entries(data.columns).flatMap(([name, column]) =>
    column.kind === "texts" && column.ngrams !== undefined ? [{ name, column }] : []
  );
  const pairWords = pairs.map(({ own, other, taken }) => `${own} taken for ${other} (${taken})`);
  return {
    title: "Mistakes",
    text: wrong.length === 0
      ? "No held-out row was predicted wrongly."
      : `Most confused: ${
        pairWords.join(", ")
      }. The table shows the held-out rows that the model ` +
        "is surest and wrong of.",
    ...wrong.length > 0 && {
      table: {
        head: ["Row", ...texts.map(({ name }) => name), "Class", "Predicted", "Probability"],
        rows: wrong.map((i) => [
          (data.kept?.[rows[i]] ?? rows[i]) + 1,
          ...texts.map(({ column: { codes, vocabulary } }) => {
            const text = vocabulary[codes[rows[i]]] ?? "";
            return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
          }),
          ...[classes[labels[i]], classes[predicted[i]], sure(i, predicted[i])],
        ]),
      },
    },
  };
}
