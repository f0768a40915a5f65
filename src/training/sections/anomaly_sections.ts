/** The sections of a report about scores of anomalies. */

import type { AlertRule } from "../../anomaly/mod.ts";
import { averagePrecision, precisionRecallCurve, rocAuc } from "../../metrics/mod.ts";
import { histogramFigure, precisionRecallFigure, type Section } from "../../report/mod.ts";
import { liftSection } from "./lift_section.ts";

/** Budgets that the table shows beside the chosen one. */
const BUDGETS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05];

/**
 * How scores part usual rows from those that turned out to be wrong.
 *
 * @param unusual 1 for each row of the class that is looked for, shape [rows].
 * @param scores Scores of rows held out, shape [rows].
 */
export function anomalySections(
  unusual: Int32Array,
  scores: Float64Array,
  { threshold, share }: AlertRule,
  label: string,
): Section[] {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const all = unusual.reduce((sum, one) => sum + one, 0);
  const rows = [...new Set([...BUDGETS, share])].sort((a, b) => a - b)
    .map((budget) => [budget, Math.floor(budget * scores.length)] as const)
    .filter(([, alerts]) => alerts >= 1)
    .map(([budget, alerts]) => {
      const hits = order.subarray(0, alerts).reduce((sum, row) => sum + unusual[row], 0);
      const chosen = budget === share ? " (declared)" : "";
      return [`${+(100 * budget).toPrecision(3)} %${chosen}`, alerts, hits / alerts, hits / all];
    });
  const curve = precisionRecallCurve(unusual, scores);
  const of = (value: number) => scores.filter((_, i) => unusual[i] === value);
  return [
    {
      title: "Alerts",
      text: `Every row was scored by a fold that held it out. A row alerts from a score of ` +
        `${threshold.toPrecision(5)} on, which ${+(100 * share).toPrecision(3)} % of the rows ` +
        `may reach; labels have no say in that. The detector ranks a row of ${label} above ` +
        `another one in ${(100 * rocAuc(unusual, scores)).toFixed(1)} % of pairs.`,
      table: {
        head: ["Budget", "Alerts", `Share of ${label}`, `Share of all ${label} found`],
        rows,
      },
      figures: [
        histogramFigure("Scores", "Score", [
          { label, values: of(1) },
          { label: `not ${label}`, values: of(0) },
        ]),
        precisionRecallFigure("Precision over recall", [
          { label, ...curve, averagePrecision: averagePrecision(unusual, scores) },
        ]),
      ],
    },
    liftSection(unusual, Float32Array.from(scores), label),
  ];
}
