/** How good the model is: estimated without labels, measured with them. */

import type { ClassificationQuality, ReferencePerformance } from "../../drift/mod.ts";
import {
  bandFigure,
  calibrationFigure,
  confusionFigure,
  type Figure,
  precisionRecallFigure,
  rocFigure,
  type Section,
} from "../../report/mod.ts";
import type { DecisionRule, ReferenceClasses } from "../../registry/mod.ts";
import type { Slices } from "../slices.ts";
import { count, orderWords, short, usualMark } from "../words.ts";
import type { Performance } from "./class_performance.ts";

const names = {
  roc_auc: "ROC AUC",
  average_precision: "Average precision",
  accuracy: "Accuracy",
  f1: "F1",
  precision: "Precision",
  recall: "Recall",
  specificity: "Specificity",
} as const;

type Metric = keyof typeof names;
const metrics = Object.keys(names) as Metric[];

/** Metrics that have a figure over time; the table has them all. */
const drawn: readonly Metric[] = ["roc_auc", "f1"];

/** What the head of the page says of performance, a sentence each. */
export function performanceWords({ estimated, realized }: Performance): string[] {
  const words: string[] = [];
  if (estimated) {
    const { value, low, high } = estimated.f1;
    const usual = Object.values(estimated).every(({ alert }) => !alert);
    words.push(
      `Estimated F1 ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ` +
        (usual ? "as expected." : "outside of what is usual."),
    );
  }
  const f1 = realized?.scores.f1 ?? null;
  if (f1 !== null) {
    words.push(`F1 ${f1.toFixed(3)} on ${count(realized!.rows, "row")} with labels.`);
  }
  return words;
}

/** Estimates with their bands; undefined if the model cannot give any. */
export function performanceSection(
  { estimated, realized, overTime }: Performance,
  slices: Slices,
  kept: Pick<ReferenceClasses, "performance" | "decided"> | undefined,
): Section | undefined {
  if (estimated === undefined || kept === undefined) return undefined;
  const expected = kept.performance.metrics;
  return {
    title: "Estimated performance",
    text: "What the model's own certainty, calibrated on held-out training rows, says about rows " +
      "whose labels are not known yet. The band is three standard errors; the usual range is " +
      "what chunks of held-out rows span. It sees rows become harder, not the meaning of a " +
      `class change.${ruleWords(kept.decided)}`,
    table: {
      head: ["Metric", "Estimate", "From", "To", "Usual from", "Usual to", "", "With labels"],
      rows: metrics.map((metric) => {
        const { value, low, high, alert } = estimated[metric];
        return [
          names[metric],
          short(value),
          short(low),
          short(high),
          short(expected[metric].lower),
          short(expected[metric].upper),
          usualMark(!alert),
          short(realized?.scores[metric] ?? null),
        ];
      }),
    },
    figures: slices.names.length < 3
      ? []
      : drawn.map((metric) => overTimeFigure(metric, overTime, slices, expected[metric])),
  };
}

/** By what rows count as a class, if that is not the most probable one. */
function ruleWords(decided: DecisionRule | undefined): string {
  if (decided === undefined) return "";
  return ` Rows count as ${decided.label} from the model's threshold of ` +
    `${decided.threshold.toFixed(4)} on.`;
}

function overTimeFigure(
  metric: Metric,
  overTime: Performance["overTime"],
  slices: Slices,
  { value, lower, upper }: ReferencePerformance["metrics"][Metric],
): Figure {
  const estimates = overTime.map(({ estimated }) => estimated![metric]);
  const realized = overTime.map((slice) => slice.realized?.[metric] ?? NaN);
  return bandFigure(`${names[metric]} ${orderWords(slices)}`, names[metric], {
    x: slices.names,
    y: estimates.map((one) => one.value),
    around: { low: estimates.map((one) => one.low), high: estimates.map((one) => one.high) },
    ...realized.some(Number.isFinite) && { beside: { label: "with labels", y: realized } },
    ...lower !== null && upper !== null && {
      usual: { value: value ?? undefined, low: lower, high: upper },
    },
  });
}

/** Confusion, ROC, precision-recall and calibration; undefined without labels. */
export function realizedSection(
  realized: ClassificationQuality | undefined,
  classes: readonly string[],
  kept: Pick<ReferenceClasses, "quality" | "decided"> | undefined,
): Section | undefined {
  if (realized === undefined) return undefined;
  const quality = kept?.quality;
  return {
    title: "Classification quality",
    text: `On ${realized.rows.toLocaleString("en")} current rows whose labels are known` +
      (quality === undefined ? "." : ", beside training rows that were held out from the model.") +
      ruleWords(kept?.decided),
    table: {
      head: ["Metric", "Held-out training rows", "Current"],
      rows: metrics.map((metric) => [
        names[metric],
        short(quality?.scores[metric] ?? null),
        short(realized.scores[metric]),
      ]),
    },
    figures: [
      ...quality ? figuresOf("Reference", quality, classes) : [],
      ...figuresOf("Current", realized, classes),
    ],
  };
}

function figuresOf(
  side: string,
  { confusion, classes }: ClassificationQuality,
  labels: readonly string[],
): Figure[] {
  const curves = classes.map((one, k) => ({ ...one, label: labels[k] }))
    .filter(({ auc }) => auc !== null);
  return [
    confusionFigure(`${side}: confusion matrix`, labels, confusion),
    ...curves.length === 0 ? [] : [
      rocFigure(
        `${side}: ROC curves`,
        curves.map(({ label, roc, auc }) => (
          { label, falsePositiveRate: roc.x, truePositiveRate: roc.y, auc: auc! }
        )),
      ),
      precisionRecallFigure(
        `${side}: precision and recall`,
        curves.map(({ label, precisionRecall, averagePrecision }) => (
          { label, recall: precisionRecall.x, precision: precisionRecall.y, averagePrecision }
        )),
      ),
      calibrationFigure(
        `${side}: calibration`,
        curves.map(({ label, calibration }) => ({ label, bins: calibration })),
      ),
    ],
  ];
}
