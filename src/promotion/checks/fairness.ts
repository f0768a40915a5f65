/** Whether the decision falls on groups of people alike, if the model's training asked for it. */

import { type FairnessReport, fairnessReport } from "../../metrics/mod.ts";
import type { KeptFairness } from "../../registry/mod.ts";
import { judgedRows, predictTable } from "../compare_models.ts";
import type { Check, ModelOnTrial } from "./contract.ts";
import { missedBound } from "./gates.ts";

/** The figures that can be computed again, by their names in Fairlearn. */
const figures: Record<string, (report: FairnessReport<string>) => number> = {
  demographic_parity_difference: (report) => report.demographicParityDifference,
  demographic_parity_ratio: (report) => report.demographicParityRatio,
  equal_opportunity_difference: (report) => report.equalOpportunityDifference,
  equalized_odds_difference: (report) => report.equalizedOddsDifference,
};

/** Holds the figures to their bounds: on the held-out rows, else as training had them. */
export const fairness: Check = {
  name: "fairness",
  async look(trial) {
    const kept = trial.candidate.metadata.acceptance?.fairness ?? [];
    if (kept.length === 0) return { found: "not checked: its training declared no gate on it" };
    const again = await computed(trial, kept);
    const all = kept.map((gate, i) => again?.[i] ?? gate);
    const basis = again && "basis" in trial.heldOut
      ? trial.heldOut.basis
      : "the training's figures";
    const told = (gate: KeptFairness) => ({ ...gate, metric: `${gate.metric} by ${gate.group}` });
    const missed = all.map((gate) => missedBound(told(gate))).filter((miss) => miss !== undefined);
    return {
      passed: missed.length === 0,
      found: missed.length > 0
        ? `${missed.join("; ")} (${basis})`
        : all.map((gate) => `${told(gate).metric} ${gate.value.toFixed(4)}`).join(", ") +
          ` (${basis})`,
    };
  },
};

/** The gates with their figures on the held-out rows; undefined if these do not tell. */
async function computed(
  { candidate, heldOut, threshold }: ModelOnTrial,
  kept: readonly KeptFairness[],
): Promise<(KeptFairness | undefined)[] | undefined> {
  const { task, class_labels, decision } = candidate.metadata;
  if ("reason" in heldOut || task.kind !== "binary") return undefined;
  const { truth, table } = judgedRows(candidate.metadata, heldOut.table);
  const predictions = await predictTable(candidate, table);
  const acts = threshold ?? decision ?? { threshold: 0.5, label: task.positive };
  const [positive, asked] = [task.positive, acts.label].map((label) => class_labels.indexOf(label));
  const rows = truth.length;
  const yTrue = Uint8Array.from(truth, (label) => Number(label === positive));
  const yPred = Uint8Array.from(
    { length: rows },
    (_, row) => Number(predictions[asked * rows + row] >= acts.threshold),
  );
  return kept.map((gate) => {
    const cells = table.columns[gate.group];
    const figure = figures[gate.metric];
    if (cells === undefined || figure === undefined) return undefined;
    const groups = Array.from(cells as ArrayLike<unknown>, (cell) => String(cell ?? "missing"));
    return { ...gate, value: figure(fairnessReport(yTrue, yPred, groups)) };
  });
}
