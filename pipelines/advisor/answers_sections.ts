/** The part of the page that tells how questions were answered and refused. */

import type { Section, TableCell } from "../../src/report/mod.ts";
import type { AnswerFindings } from "./evaluate_answers.ts";

/** Letters of an answer that are shown. */
const SHOWN = 300;

/** Figures of all answers, and those that were not as expected. */
export function answersSections(
  { answers, metrics }: AnswerFindings,
  version: string,
): Section[] {
  const wrong = answers.filter(({ faults }) => faults.length > 0);
  const kinds = [...Map.groupBy(answers, ({ kind }) => kind)];
  return [
    {
      title: "Answers and refusals",
      text: `Written by: ${version}. Held to what each question expects, without a judge.`,
      table: {
        head: ["Kind", "Questions", "As expected", "Refused"],
        rows: kinds.map(([kind, own]): TableCell[] => [
          kind,
          own.length,
          own.filter(({ faults }) => faults.length === 0).length / own.length,
          own.filter(({ refused }) => refused).length,
        ]),
      },
      details: [{
        ...{ id: "answer-figures", title: "All figures" },
        summary: `${Object.keys(metrics).length} figures, as MLflow has them`,
        table: { head: ["Figure", "Value"], rows: Object.entries(metrics) },
      }],
    },
    ...wrong.length === 0 ? [] : [{
      title: "Not as expected",
      table: {
        head: ["Question", "Kind", "What was wrong", "Said"],
        rows: wrong.map(({ question, kind, faults, said }): TableCell[] => [
          ...[question, kind, faults.join("; ")],
          said.length > SHOWN ? `${said.slice(0, SHOWN)} …` : said,
        ]),
      },
    }],
  ];
}
