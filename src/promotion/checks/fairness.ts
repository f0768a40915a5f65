/** Whether the decision falls on groups of people alike, if the model's training asked for it. */

import { fairnessMeasures, fairnessReport, groupNames } from "../../metrics/mod.ts";
import { decidedClasses, type KeptFairness } from "../../registry/mod.ts";
import { judgedRows, predictTable } from "../compare_models.ts";
import type { Check, ModelOnTrial } from "./contract.ts";
import { missedBound } from "./gates.ts";

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
  const { truth, table, data: { weights } } = judgedRows(candidate.metadata, heldOut.table);
  const predictions = await predictTable(candidate, table);
  const rule = threshold ?? decision ?? { threshold: 0.5, label: task.positive };
  const decided = decidedClasses(Float64Array.from(predictions), class_labels, rule);
  return kept.map((gate) => {
    const { group, edges, favourable = task.positive } = gate;
    const cells = table.columns[group];
    if (cells === undefined || !Object.hasOwn(fairnessMeasures, gate.metric)) return undefined;
    const good = class_labels.indexOf(favourable);
    const report = fairnessReport(
      Uint8Array.from(truth, (label) => Number(label === good)),
      decided.map((code) => Number(code === good)),
      groupNames(cells as Iterable<unknown>, edges),
      weights,
    );
    return {
      ...gate,
      value: fairnessMeasures[gate.metric as keyof typeof fairnessMeasures](report),
    };
  });
}
