/** Plans and graphs as text. */

import { reasonText } from "../cache/reasons.ts";
import { type PipelineGraph, unitName } from "../define/graph.ts";
import type { Plan, PlanEntry } from "../run/plan.ts";

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

/** The graph in Mermaid's language. */
export function mermaidText({ nodes, files, resources }: PipelineGraph): string {
  const lines = ["flowchart LR"];
  const id = (name: string) => name.replaceAll("-", "_2d").replaceAll(".", "_2e");
  for (const { name } of files.values()) lines.push(`  ${id(name)}[/"${name}"/]`);
  for (const { name } of resources.values()) lines.push(`  ${id(name)}(("${name}"))`);
  for (const node of nodes) {
    const label = node.kind === "each" ? `${node.name} × ${node.items.length}` : node.name;
    lines.push(
      node.kind === "each" ? `  ${id(node.name)}[["${label}"]]` : `  ${id(node.name)}["${label}"]`,
    );
    for (const source of new Set(Object.values(node.inputs))) {
      lines.push(`  ${id(source)} ${resources.has(source) ? "-.->" : "-->"} ${id(node.name)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
