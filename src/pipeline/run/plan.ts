/** What a run would do, found out without doing it. */

import { type CacheOptions, type OpenCache, openCache } from "../cache/open_cache.ts";
import { declaredInputs, fileInput } from "../cache/outside_inputs.ts";
import type { Reason } from "../cache/reasons.ts";
import type { InputDigests } from "../cache/fingerprints.ts";
import type { CacheDecision } from "../cache/step_cache.ts";
import type { Pipeline } from "../define/definition.ts";
import type { Unit } from "../../run_events/mod.ts";
import {
  type FileNode,
  type Item,
  type PipelineGraph,
  unitName,
  type WorkNode,
} from "../define/graph.ts";
import { withLocalFiles } from "./remote_files.ts";
import { isToMake, missing } from "./missing_files.ts";
import { parseParams } from "../define/params.ts";
import { gatheredDigest } from "./output.ts";
import { type Picks, select, type StepSelection } from "../define/selection.ts";
import { Expected, isOpenDigest, openDigest } from "./expected.ts";

/**
 * What a run would do with a step or an item. `MAYBE` is a step behind one that
 * runs: it runs if an output before it comes out different, else it is cached.
 */
export type PlanVerdict = "RUN" | "CACHED" | "MAYBE";

/** One line of a plan. */
export interface PlanEntry extends Unit {
  /** What the run would do. */
  readonly verdict: PlanVerdict;
  /** Why, if it is not cached. */
  readonly reasons: readonly Reason[];
  /** Where the kept output is. */
  readonly artifact?: string;
}

/** What a run would do, step by step; with a file that is made first, before its first reader. */
export interface Plan {
  /** The wiring. */
  readonly graph: PipelineGraph;
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
  return await planAfter(new Expected(), pipeline, options);
}

/** Finds out what a run would do after the runs that are expected are done, and expects it too. */
export async function planAfter<Params>(
  expected: Expected,
  pipeline: Pipeline<Params>,
  options: Parameters<typeof planPipeline<Params>>[1],
): Promise<Plan> {
  const params = parseParams(pipeline.params, options.params ?? {});
  const graph = await withLocalFiles(pipeline.graph(params));
  const selection = select(graph, options.picks ?? {});
  const given = params as Record<string, unknown>;
  const cache = await openCache(pipeline, graph, given, options.cache);
  const decisions = await decideAll(graph, selection, cache, expected);
  await cache.close();
  const entries = decisions.map(({ step, item, decision }): PlanEntry => {
    const unit: Unit = { step, ...item !== undefined && { item } };
    if (decision.verdict === "cached") {
      return { ...unit, verdict: "CACHED", reasons: [], artifact: decision.output.digest };
    }
    return decision.verdict === "maybe" && decision.reasons.length === 0 // kept by then
      ? { ...unit, verdict: "CACHED", reasons: [] }
      : { ...unit, verdict: verdicts[decision.verdict], reasons: decision.reasons };
  });
  return { graph, entries };
}

const verdicts = { run: "RUN", maybe: "MAYBE" } as const;

/** What was decided for a step or item before the run. */
export interface PlannedUnit extends Unit {
  readonly decision: CacheDecision;
}

/**
 * Decides for all steps before any runs. A run starts with this and keeps to it,
 * so that a plan is what the run does even where outputs of different steps have
 * the same content.
 */
export async function decideAll(
  graph: PipelineGraph,
  selection: StepSelection,
  { steps, digestFile }: Pick<OpenCache, "steps" | "digestFile">,
  expected: Expected = new Expected(),
): Promise<PlannedUnit[]> {
  const planned: PlannedUnit[] = [];
  const digests = new Map<string, string>();

  const look = (
    node: WorkNode,
    item: Item | undefined,
    inputs: Readonly<Record<string, string>>,
  ) => steps.decide(node, item, knownOnly(inputs), selection.forces(node.name, item?.key));

  async function settle(
    node: WorkNode,
    item: Item | undefined,
    inputs: Readonly<Record<string, string>>,
    found: CacheDecision,
  ): Promise<string> {
    const name = unitName(node.name, item?.key);
    const own = () => steps.ownDigest(node, item);
    const { decision, digest } = await expected.settle(name, own, inputs, found);
    planned.push({ step: node.name, ...item && { item: item.key }, decision });
    return digest;
  }
  /** The digest of a file; one that is made first is not known, like an output. */
  async function decideFile(file: FileNode): Promise<string> {
    if (!await isToMake(file)) return await fileInput(file, digestFile);
    if (expected.makes(file.path)) {
      planned.push({ step: file.name, decision: { verdict: "run", reasons: [missing(file)] } });
    }
    return openDigest(file.path);
  }
  steps.expect(() => unitsOf(graph, selection));
  for (const node of graph.nodes) {
    if (!selection.includes(node.name)) continue;
    const inputs: Record<string, string> = {};
    for (const [name, source] of Object.entries(node.inputs)) {
      const file = graph.files.get(source);
      if (file) inputs[name] = await decideFile(file);
      else if (!graph.resources.has(source)) inputs[name] = digests.get(source)!;
    }
    Object.assign(inputs, await declaredInputs(node, digestFile));
    if (node.kind === "step") {
      const found = await look(node, undefined, inputs);
      digests.set(node.name, await settle(node, undefined, inputs, found));
    } else {
      const items = node.items.filter(({ key }) => selection.includes(node.name, key));
      const found = await Promise.all(items.map((item) => look(node, item, inputs)));
      const made: string[] = [];
      for (const [index, item] of items.entries()) {
        made.push(await settle(node, item, inputs, found[index]));
      }
      const gathered = await gatheredDigest(made);
      digests.set(node.name, made.some(isOpenDigest) ? openDigest(gathered) : gathered);
    }
  }
  return planned;
}

/** The units that are run only where their kept output does not stand. */
function unitsOf({ nodes }: PipelineGraph, selection: StepSelection): Unit[] {
  return nodes.flatMap((node): Unit[] =>
    node.kind === "step"
      ? [{ step: node.name }]
      : node.items.map(({ key }) => ({ step: node.name, item: key }))
  ).filter(({ step, item }) => selection.includes(step, item) && !selection.forces(step, item));
}

/** The inputs with nothing for those that are not there yet. */
function knownOnly(inputs: Readonly<Record<string, string>>): InputDigests {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, digest]) => [
      name,
      isOpenDigest(digest) ? undefined : digest,
    ]),
  );
}
