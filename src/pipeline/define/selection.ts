/** Which steps a run is about, and which of them run in any case. */

import { nearestName, UsageError } from "../../base/mod.ts";
import type { PipelineGraph, WorkNode } from "./graph.ts";

/** What the user picked; steps and items by the names that events use: `train`, `train[SMOTE]`. */
export interface Picks {
  /** Runs this step and all that depend on it again. */
  readonly from?: string;
  /** Runs these steps or items alone; what else they need must be there. */
  readonly only?: readonly string[];
  /** Runs these even if they are cached; `true` for all. */
  readonly force?: readonly string[] | true;
}

/** What a run does with each step. */
export interface StepSelection {
  /** Whether the run has to do with the step or item at all. */
  includes(step: string, item?: string): boolean;
  /** Whether it runs even if it is cached. */
  forces(step: string, item?: string): boolean;
  /** Whether it must be cached, because only another step was asked for. */
  readonly needs: (step: string) => boolean;
}

/**
 * Finds what was picked.
 *
 * @throws {UsageError} for a step or item that does not exist.
 */
export function select(graph: PipelineGraph, picks: Picks): StepSelection {
  const forced = new Map<string, Set<string> | undefined>();
  const force = ({ step, item }: { step: string; item?: string }) => {
    if (item === undefined || forced.has(step) && forced.get(step) === undefined) {
      forced.set(step, undefined);
    } else forced.set(step, (forced.get(step) ?? new Set()).add(item));
  };
  let included = new Set(graph.nodes.map(({ name }) => name));
  const only = picks.only?.map((name) => find(graph, name));
  const forcing = picks.force === true
    ? only ?? graph.nodes.map(({ name }) => ({ step: name }))
    : (picks.force ?? []).map((name) => find(graph, name));
  for (const target of forcing) force(target);

  if (picks.from !== undefined) {
    const { step } = find(graph, picks.from);
    const after = withDependents(graph, step);
    for (const name of after) force({ step: name });
    included = withNeeds(graph, after);
  }
  if (only) included = withNeeds(graph, only.map(({ step }) => step));
  const named = Map.groupBy(only ?? [], ({ step }) => step);
  return {
    includes: (step, item) =>
      included.has(step) && (item === undefined || !named.has(step) ||
        named.get(step)!.some((one) => one.item === undefined || one.item === item)),
    forces: (step, item) => {
      if (!forced.has(step)) return false;
      const items = forced.get(step);
      return items === undefined || item !== undefined && items.has(item);
    },
    needs: (step) => only !== undefined && !named.has(step),
  };
}

/** Parses `step` or `step[item]` and checks that it exists. */
function find(graph: PipelineGraph, name: string): { step: string; item?: string } {
  const [, step, item] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [];
  const node = graph.nodes.find((candidate) => candidate.name === step);
  if (node === undefined) throw unknown("step", step ?? name, graph.nodes.map(({ name }) => name));
  if (item === undefined) return { step };
  const items = node.kind === "each" ? node.items.map(({ key }) => key) : [];
  if (!items.includes(item)) throw unknown(`item of step "${step}"`, item, items);
  return { step, item };
}

function unknown(what: string, name: string, candidates: readonly string[]): UsageError {
  const near = nearestName(name, candidates);
  const shown = candidates.slice(0, 20).join(", ");
  return new UsageError(`Cannot find the ${what} named "${name}"`, {
    next: near !== undefined
      ? `did you mean "${near}"?`
      : candidates.length === 0
      ? "it is not a fan-out, leave the brackets out"
      : `there are ${shown}`,
  });
}

function withDependents(graph: PipelineGraph, step: string): Set<string> {
  const found = new Set([step]);
  for (const { name, inputs } of graph.nodes) {
    if (Object.values(inputs).some((source) => found.has(source))) found.add(name);
  }
  return found;
}

function withNeeds(graph: PipelineGraph, steps: Iterable<string>): Set<string> {
  const byName = new Map(graph.nodes.map((node): [string, WorkNode] => [node.name, node]));
  const found = new Set(steps);
  for (const name of found) {
    for (const source of Object.values(byName.get(name)?.inputs ?? {})) {
      if (byName.has(source)) found.add(source);
    }
  }
  return found;
}
