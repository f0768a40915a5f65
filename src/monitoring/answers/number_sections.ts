/** What the page and the JSON say of a regression's errors. */

import { bandFigure, type MarkCell, scatterFigure, type Section } from "../../report/mod.ts";
import type { Slices } from "../slices.ts";
import { count, digits, finite, orderWords, percent, short, usualMark } from "../words.ts";
import { type ErrorMetric, errorMetrics, errorTitles } from "./error_scores.ts";
import type { ComparedError, NumberQuality } from "./number_quality.ts";

/** Metrics that have a figure over time; the table has them all. */
const drawn: readonly ErrorMetric[] = ["rmse", "mae"];
/** Dots of a line between points. */
const DOTS = 80;

const changes: Readonly<Record<ComparedError["change"], MarkCell>> = {
  none: usualMark(true),
  better: { text: "better", tone: "good", order: 1 },
  worse: { text: "worse", tone: "bad", order: 2 },
};

/** What the head of the page says, a sentence each. */
export function errorsWords({ errors: { rmse }, known, coverage }: NumberQuality): string[] {
  const beside = rmse.reference === undefined
    ? "."
    : ` (${digits(rmse.reference)} on the reference)${
      rmse.change === "none" ? ", as expected." : `, ${rmse.change} than usual.`
    }`;
  const rows = count(known.truth.length, "row");
  return [
    `RMSE ${digits(rmse.value)} on ${rows} whose true value is known${beside}`,
    ...coverage?.alert
      ? [
        `${shareText(coverage.value)} of the true values lie within the model's interval, ` +
        `${shareText(coverage.promised)} should.`,
      ]
      : [],
  ];
}

/** Metrics with their bands over time, and predictions beside the truth. */
export function errorsSections(quality: NumberQuality, slices: Slices): Section[] {
  const { known: { truth, predicted }, errors, overTime, usual, coverage } = quality;
  const known = overTime.filter((slice) => slice !== undefined).length;
  const timed = known < 3 ? [] : drawn;
  const line = diagonal(predicted);
  const error = truth.map((value, row) => value - predicted[row]);
  return [{
    title: "Errors",
    text: `On ${count(truth.length, "current row")} whose true value is known, beside the ` +
      "reference. The band is three standard errors of the current rows; what lies outside of " +
      "the noise of both sides is no chance." +
      (coverage === undefined ? "" : " The interval is the one that the model answers with."),
    table: {
      head: ["Metric", "Current", "From", "To", "Reference", ""],
      rows: [
        ...errorMetrics.map((name) => {
          const { value, low, high, reference, change } = errors[name];
          const mark = reference === undefined ? "–" : changes[change];
          const cells = [value, low, high, reference ?? null].map(short);
          return [errorTitles[name], ...cells, mark];
        }),
        ...coverage === undefined ? [] : [[
          "True values within the interval",
          ...[coverage.value, coverage.low, coverage.high, coverage.promised].map(percent),
          usualMark(!coverage.alert),
        ]],
      ],
    },
    figures: timed.map((name) => {
      const title = errorTitles[name];
      return bandFigure(`${title} ${orderWords(slices)}`, title, {
        x: slices.names,
        y: overTime.map((slice) => slice?.[name] ?? NaN),
        usual: usual[name],
      });
    }),
  }, {
    title: "Predictions and true values",
    text:
      "Errors are true minus predicted values: above 0 the model says too little. A slope or a " +
      "bend in them is something that the model does not know.",
    figures: [
      scatterFigure("True values over predictions", { x: "Predicted", y: "True" }, [
        { label: "rows", x: predicted, y: truth },
        { label: "right", x: line, y: line },
      ]),
      scatterFigure("Errors over predictions", { x: "Predicted", y: "True minus predicted" }, [
        { label: "rows", x: predicted, y: error },
      ]),
    ],
  }];
}

/** The same as JSON. */
export function errorsJson({ errors, known, coverage }: NumberQuality): Record<string, unknown> {
  return {
    errors: Object.fromEntries(
      Object.entries(errors).map(([name, { value, low, high, reference, change }]) => [name, {
        value: finite(value),
        low: finite(low),
        high: finite(high),
        reference: reference ?? null,
        change,
      }]),
    ),
    labelled_rows: known.truth.length,
    interval: coverage ?? null,
  };
}

/** Values from the least to the greatest, evenly spaced: where predictions would be right. */
function diagonal(values: Float64Array): number[] {
  const [low, high] = [Math.min, Math.max].map((end) => values.reduce((a, b) => end(a, b)));
  return Array.from({ length: DOTS }, (_, i) => low + (high - low) * i / (DOTS - 1));
}

function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
