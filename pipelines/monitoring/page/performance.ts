/** How good the model is: estimated without labels, measured with them. */

import type { ClassificationQuality } from "../../../src/drift/mod.ts";
import {
  bandFigure,
  calibrationFigure,
  confusionFigure,
  type Figure,
  precisionRecallFigure,
  rocFigure,
  type Section,
} from "../../../src/report/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { short } from "./words.ts";

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

/** Estimates with their bands; undefined where the model cannot give any. */
export function performanceSection(findings: DriftFindings): Section | undefined {
  const { performance, model, slices } = findings;
  const estimated = performance?.estimated;
  const expected = model?.reference?.performance.metrics;
  if (performance === undefined || estimated === undefined || !expected) return undefined;
  const realized = performance.realized?.scores;
  return {
    title: "Estimated performance",
    text: "What the model's own certainty, calibrated on held-out training rows, says about rows " +
      "whose labels are not known yet. The band is three standard errors; the usual range is " +
      "what chunks of held-out rows span. It sees rows become harder, not the meaning of a " +
      "class change.",
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
          alert
            ? { text: "unusual", tone: "bad", order: 1 }
            : { text: "as usual", tone: "good", order: 0 },
          short(realized?.[metric] ?? null),
        ];
      }),
    },
    figures: slices.names.length < 3 ? [] : drawn.map((metric) => overTime(metric, findings)),
  };
}

function overTime(metric: Metric, { performance, model, slices }: DriftFindings): Figure {
  const { value, lower, upper } = model!.reference!.performance.metrics[metric];
  const estimates = performance!.overTime.map(({ estimated }) => estimated![metric]);
  const realized = performance!.overTime.map((slice) => slice.realized?.[metric] ?? NaN);
  return bandFigure(
    `${names[metric]} ${slices.timed ? "over time" : "by row of the file"}`,
    names[metric],
    {
      x: slices.names,
      y: estimates.map((one) => one.value),
      around: { low: estimates.map((one) => one.low), high: estimates.map((one) => one.high) },
      ...realized.some(Number.isFinite) && { beside: { label: "with labels", y: realized } },
      ...lower !== null && upper !== null && {
        usual: { value: value ?? undefined, low: lower, high: upper },
      },
    },
  );
}

/** Confusion, ROC, precision-recall and calibration; undefined without labels. */
export function realizedSection({ performance, model }: DriftFindings): Section | undefined {
  const realized = performance?.realized;
  if (realized === undefined || model === undefined) return undefined;
  const { reference, classes } = model;
  const quality = reference?.quality;
  return {
    title: "Classification quality",
    text: `On ${realized.rows.toLocaleString("en")} current rows whose labels are known` +
      (quality === undefined ? "." : ", beside training rows that were held out from the model."),
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
