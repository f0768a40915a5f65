/** The section of a report about the threshold of a decision. */

import type { Decision } from "../../registry/mod.ts";
import type { Section } from "../../report/mod.ts";

/** A decision, and what it means for held-out rows. */
export interface Decided {
  /** From where on a probability asks for action; absent if nothing is decided. */
  readonly decision?: Decision;
  /** Figures by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What acting from the threshold on would have meant for held-out rows; none without one. */
export function decisionSection({ decision, metrics }: Decided): Section[] {
  if (decision === undefined) return [];
  const words: Record<string, string> = {
    decision_precision: "Precision",
    decision_recall: "Recall",
    decision_f1: "F1",
    decision_f1_macro: "F1 Macro",
    decision_selected: "Share of rows acted on",
    decision_cost: "Mean cost of a row",
  };
  const why = decision.costs === undefined
    ? ""
    : ` A false positive costs ${decision.costs.falsePositive}, a false negative ` +
      `${decision.costs.falseNegative}.`;
  return [{
    title: "Decision",
    text: `A row counts as ${decision.label} from a probability of ` +
      `${decision.threshold.toFixed(4)} on.${why} The threshold was chosen on held-out ` +
      "predictions and stands beside the model, never in it.",
    table: {
      head: ["Figure", "Value"],
      rows: Object.entries(metrics).map(([name, value]) => [words[name] ?? name, value]),
    },
  }];
}
