/** The sections of a training report that are about one model. */

import {
  learningCurveFigure,
  type Section,
  shapBarFigure,
  shapSummaryFigure,
} from "../../report/mod.ts";
import type { Explanation } from "../explanation.ts";
import type { Findings } from "../findings.ts";
import type { LearningPoint } from "../learning_curve.ts";
import { metricLabel } from "../metric_label.ts";
import { fairnessSection } from "../sections/fairness_section.ts";
import { inspectionSections } from "../sections/inspection_sections.ts";
import type { FittedTask } from "../tasks/contract.ts";

/** The sections about the best candidate and the exported model. */
export function modelCard(task: FittedTask, findings: Findings): Section[] {
  const { curve, explanation, inspection, scoring: { select } } = findings;
  return [
    ...task.sections(findings),
    ...held(findings),
    ...findings.fairness === undefined ? [] : [fairnessSection(findings.fairness)],
    learning(curve, select),
    ...explanation === undefined ? [] : [importance(task, explanation, findings)],
    ...inspectionSections(
      inspection,
      task.scoreNames(findings.experiment.set, inspection.dependences[0]?.dependence.outputs ?? 1),
    ),
  ];
}

/** What the test part says, and which gates it was held to. */
function held({ test, gates }: Findings): Section[] {
  return [
    ...test === undefined ? [] : [{
      title: "Test part",
      text: "Rows that no candidate was trained on or chosen by.",
      table: {
        head: ["Metric", "Value"],
        rows: Object.entries(test).map(([name, value]) => [metricLabel(name), value]),
      },
    }],
    ...gates === undefined ? [] : [{
      title: "Gates",
      text: gates.missed.length === 0
        ? `All were reached on ${gates.basis}.`
        : `Not published: ${gates.missed.join("; ")}.`,
      table: {
        head: ["Metric", "Value", "At least", "At most"],
        rows: gates.gates.map(({ metric, value, min, max }) => [
          metricLabel(metric),
          value,
          min ?? NaN,
          max ?? NaN,
        ]),
      },
    }],
  ];
}

/** Whether more data would help. */
function learning(points: readonly LearningPoint[], select: string): Section {
  const metric = metricLabel(select);
  return {
    title: "Learning curve",
    text: "The best combination on shares of the first fold's training rows. A curve that still " +
      "improves at its end asks for more data.",
    figures: [learningCurveFigure(`${metric} by number of training rows`, {
      axis: "Training rows",
      metric,
      x: points.map((point) => point.rows),
      series: [
        { label: "training rows", values: points.map((point) => point.train) },
        { label: "held-out rows", values: points.map((point) => point.validation) },
      ],
    })],
  };
}

/** What the exported model looks at. */
function importance(
  task: FittedTask,
  { X, shap }: Explanation,
  { fitted, experiment }: Findings,
): Section {
  const { features } = fitted.state;
  const size = shap.features * shap.rows;
  const outputs = task.scoreNames(experiment.set, shap.outputs).map((label, k) => ({
    label,
    shap: shap.values.subarray(k * size, (k + 1) * size),
  }));
  return {
    title: "What the model looks at",
    text: `Exact Shapley values of ${shap.rows} training rows: how far each feature moves the ` +
      "model's score from its mean. They say what the model uses, not what causes the outcome.",
    figures: [
      shapBarFigure("Mean absolute Shapley value", { features, rows: shap.rows, outputs }),
      ...outputs.map(({ label, shap: values }) =>
        shapSummaryFigure(`What moves the score of ${label}`, {
          features,
          rows: shap.rows,
          shap: values,
          values: X.data,
        })
      ),
    ],
  };
}
