/** What a run would do, found out without doing it. */

import { sha256 } from "../base/mod.ts";
import { type CacheOptions, openCache } from "./cache/open_cache.ts";
import type { Reason } from "./cache/reasons.ts";
import type { Pipeline } from "./definition.ts";
import type { Unit } from "./events.ts";
import type { Graph, Item, WorkNode } from "./graph.ts";
import { parseParams } from "./params.ts";
import { type Picks, select } from "./selection.ts";

/**
 * What a run would do with a step or an item. `MAYBE` is a step behind one that
 * runs: it runs if an output before it comes out different, else it is cached.
 */
export type Verdict = "RUN" | "CACHED" | "MAYBE";

/** One line of a plan. */
export interface PlanEntry extends Unit {
  /** What the run would do. */
  readonly verdict: Verdict;
  /** Why, where it is not cached. */
  readonly reasons: readonly Reason[];
  /** Where the kept output is. */
  readonly artifact?: string;
}

/** What a run would do, step by step. */
export interface Plan {
  /** The wiring. */
  readonly graph: Graph;
  /** Steps in their order; one entry for each item of a fan-out. */
  readonly entries: readonly PlanEntry[];
}

/**
 * Finds out what a run with the same options would do.
 *
 * @throws {UsageError} for parameters or picks that do not fit.
 */
export async function planPipeline<Params>(
  pipeline: Pipeline<Params>,
  options: {
    readonly params?: Readonly<Record<string, unknown>>;
    readonly cache: CacheOptions;
    readonly picks?: Picks;
  },
): Promise<Plan> {
  const params = parseParams(pipeline.params, options.params ?? {});
  const graph = pipeline.graph(params);
  const selection = select(graph, options.picks ?? {});
  const given = params as Record<string, unknown>;
  const { steps, digestFile, close } = await openCache(pipeline, graph, given, options.cache);
  const digests = new Map<string, string | undefined>();
  const entries: PlanEntry[] = [];

  async function decide(node: WorkNode, item: Item | undefined, inputs: Inputs) {
    const forced = selection.forces(node.name, item?.key);
    const decision = await steps.decide(node, item, inputs, forced);
    const unit: Unit = { step: node.name, ...item && { item: item.key } };
    if (decision.verdict === "cached") {
      const artifact = decision.record.output.digest;
      entries.push({ ...unit, verdict: "CACHED", reasons: [], artifact });
      return artifact;
    }
    const verdict = decision.verdict === "run" ? "RUN" : "MAYBE";
    entries.push({ ...unit, verdict, reasons: decision.reasons });
  }
  for (const node of graph.nodes) {
    if (!selection.includes(node.name)) continue;
    const inputs: Record<string, string | undefined> = {};
    for (const [name, source] of Object.entries(node.inputs)) {
      const file = graph.files.get(source);
      if (file) inputs[name] = await digestFile(file.path);
      else if (!graph.resources.has(source)) inputs[name] = digests.get(source);
    }
    if (node.kind === "step") digests.set(node.name, await decide(node, undefined, inputs));
    else {
      const made: (string | undefined)[] = [];
      for (const item of node.items) {
        if (selection.includes(node.name, item.key)) made.push(await decide(node, item, inputs));
      }
      const known = made.every((digest) => digest !== undefined);
      digests.set(node.name, known ? sha256(made.join("\n")) : undefined);
    }
  }
  await close();
  return { graph, entries };
}

type Inputs = Readonly<Record<string, string | undefined>>;
