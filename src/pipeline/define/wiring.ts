/** How a pipeline is wired, as plain data that outlives its code. */

import type { PipelineGraph } from "./graph.ts";

/** A step, fan-out, file or resource with what it takes. */
export interface WiredNode {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly kind: "step" | "each" | "file" | "resource";
  /** Number of items of a fan-out. */
  readonly items?: number;
  /** Names of those that it takes inputs from. */
  readonly sources: readonly string[];
}

/** The nodes of a graph, each after those that it takes inputs from. */
export function wiringOf({ nodes, files, resources }: PipelineGraph): WiredNode[] {
  return [
    ...[...files.values(), ...resources.values()].map(({ name, kind }) => {
      return { name, kind, sources: [] };
    }),
    ...nodes.map((node) => ({
      name: node.name,
      kind: node.kind,
      ...node.kind === "each" && { items: node.items.length },
      sources: [...new Set(Object.values(node.inputs))],
    })),
  ];
}
