/** Whether the model reached the gates that its training was declared with. */

import type { KeptGate } from "../../registry/mod.ts";
import type { Check } from "./contract.ts";

/** What a figure has to be and is not; undefined if it keeps its bounds. */
export function missedBound(
  { metric, value, min = -Infinity, max = Infinity }: KeptGate,
): string | undefined {
  // Written so that NaN misses.
  if (value >= min && value <= max) return undefined;
  const wanted = value > max ? `at most ${max}` : `at least ${min}`;
  return `${metric} is ${value.toFixed(4)}, wanted ${wanted}`;
}

/** Holds the kept figures to their bounds. */
export const gates: Check = {
  name: "gates",
  look({ candidate: { metadata: { acceptance } } }) {
    const { gates: kept = [], basis = "held-out rows" } = acceptance ?? {};
    const missed = kept.map(missedBound).filter((miss) => miss !== undefined);
    const found = kept.length === 0
      ? "not checked: its training declared none"
      : missed.length > 0
      ? `${missed.join("; ")} on ${basis}`
      : kept.map(({ metric, value }) => `${metric} ${value.toFixed(4)}`).join(", ") +
        ` on ${basis}`;
    return Promise.resolve({ ...kept.length > 0 && { passed: missed.length === 0 }, found });
  },
};
