/** Plans as text. */

import { type Plan, type PlanEntry, reasonText, unitName } from "../../pipeline/mod.ts";

/** Reasons that a line of a plan has room for. */
const SHOWN_REASONS = 4;

/** One line per step or item: what a run would do and why. */
export function planText({ entries }: Plan): string {
  if (entries.length === 0) return "There is nothing to run\n";
  const width = Math.max(...entries.map(({ step, item }) => unitName(step, item).length));
  return entries.map((entry) => {
    const name = unitName(entry.step, entry.item).padEnd(width);
    return `${entry.verdict.padEnd(6)}  ${name}  ${why(entry)}`.trimEnd() + "\n";
  }).join("");
}

function why({ verdict, reasons }: PlanEntry): string {
  const shown = reasons.slice(0, SHOWN_REASONS).map(reasonText);
  if (reasons.length > SHOWN_REASONS) shown.push(`and ${reasons.length - SHOWN_REASONS} more`);
  return shown.join(", ") + (verdict === "MAYBE" ? ": cached if it comes out the same" : "");
}
