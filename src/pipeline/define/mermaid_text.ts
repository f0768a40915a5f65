/** Graphs as diagrams. */

import type { PipelineGraph } from "./graph.ts";

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
