/** Whether the export still predicts what the native model did. */

import { givesNumber } from "../../registry/mod.ts";
import type { Check } from "./contract.ts";
import { predictRows } from "../predictions.ts";

/** Probabilities may differ by this much, numbers by this much of their standard deviation. */
const TOLERANCE = 1e-5;

/** Asks the model's file about the rows that were kept at the export. */
export const parity: Check = {
  name: "parity",
  async look({ candidate }) {
    const { acceptance, task } = candidate.metadata;
    if (acceptance === undefined) {
      return { found: "not checked: metadata of an older version keep no rows to ask about" };
    }
    const { inputs, predictions } = acceptance.probe;
    const rows = Object.values(inputs)[0]?.length ?? 0;
    if (rows === 0) return { passed: false, found: "no rows were kept to ask about" };
    const found = await predictRows(candidate, inputs, rows);
    const spread = givesNumber(task) ? deviation(predictions) : 1;
    let worst = found.length === predictions.length ? 0 : Infinity;
    for (let i = 0; i < found.length && worst < Infinity; i++) {
      const difference = Math.abs(found[i] - predictions[i]) / spread;
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    }
    return {
      passed: worst <= TOLERANCE,
      found: `${rows} kept rows differ by ${worst.toExponential(1)} at most, ` +
        `wanted ${TOLERANCE.toExponential(0)}`,
    };
  },
};

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length) || 1;
}
