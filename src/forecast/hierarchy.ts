/** Forecasts of parts and of their sums, which agree. */

import { DataError } from "../base/mod.ts";
import { automaticInterval, type AutomaticModel, forecastAutomatic } from "./automatic.ts";
import { type ConformalErrors, conformalErrors, type PastErrors } from "./conformal.ts";
import { fitManyAutomatic, type ManyOptions, type ManyResult } from "./many.ts";
import { agreeing, type Reconciliation } from "./reconcile.ts";

/** A series that is a part of sums. */
export interface HierarchyLeaf {
  /** Where it belongs, from the top, as `["u0007", "groceries"]`. */
  readonly path: readonly string[];
  /** Its values, which end when those of all others do. */
  readonly y: Float64Array;
}

/** How parts are forecast, and sums made to agree with them. */
export interface HierarchyOptions extends ManyOptions {
  /** How sums and parts are made to agree; what was nearer at earlier times if left out. */
  readonly reconciliation?: Reconciliation;
}

/** A part, or a sum of parts. */
export interface HierarchyNode {
  /** Where it belongs; the sum of all has an empty one. */
  readonly path: readonly string[];
  /** Its forecasts: those of a sum are the sums of those of its parts, shape [horizon]. */
  readonly mean: Float64Array;
  /** How far it was off at earlier times; undefined if the past is too short to tell. */
  readonly past?: ConformalErrors;
  /** Parts of it that could not be forecast, with the reason; they are in no sum. */
  readonly refused: readonly { readonly path: readonly string[]; readonly reason: string }[];
}

/**
 * Forecasts parts and their sums, level by level: a user is the sum of its categories. Intervals of
 * a sum come from how far it was off itself, so that parts whose errors cancel make a narrow one.
 *
 * @param leaves Parts of one length, none twice, none above another.
 * @returns The nodes from the top down, each before its parts.
 * @throws {DataError} for no parts, or parts that are there twice, lie above others, or differ in
 * length.
 * @throws {UsageError} as {@linkcode fitManyAutomatic}.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const wave = (size: number) => Float64Array.from({ length: 40 }, (_, t) => size * (5 + t % 4));
 * const [all, user] = await forecastHierarchy(
 *   [{ path: ["ann", "food"], y: wave(1) }, { path: ["ann", "rent"], y: wave(3) }],
 *   { horizon: 2, seasons: [4], origins: 4 },
 * );
 * assertAlmostEquals(all.mean[0], user.mean[0], 1e-9);
 * assertAlmostEquals(all.mean[0], 4 * 5, 0.5);
 * ```
 */
export async function forecastHierarchy(
  leaves: readonly HierarchyLeaf[],
  { reconciliation, onProgress, ...options }: HierarchyOptions,
): Promise<HierarchyNode[]> {
  checkLeaves(leaves);
  const { horizon } = options;
  const fit = (series: readonly Float64Array[], from: number, to: number) =>
    fitManyAutomatic(series, {
      ...{ ...options, keepPast: true },
      onProgress: onProgress && ((done) => onProgress(from + done * (to - from))),
    });
  const whole = reconciliation === "bottomUp";
  const results = await fit(leaves.map(({ y }) => y), 0, whole ? 1 : 0.7);
  const sums = sumsOf(leaves, results);
  const some = sums.filter(({ y }) => y !== undefined);
  const own = whole ? [] : await fit(some.map(({ y }) => y!), 0.7, 1);
  const nodes = [
    ...some.map(({ path, y }, k): FittedNode => ({
      ...{ path, first: 0, y: y! },
      ...own[k] !== undefined && "model" in own[k] && { model: own[k].model },
    })),
    ...leaves.flatMap(({ path, y }, k): FittedNode[] => {
      const result = results[k];
      return "model" in result ? [{ path, first: 0, y, model: result.model }] : [];
    }),
  ];
  const sorted = sortedNodes(nodes);
  const [found] = agreedForecasts([sorted], horizon, reconciliation).hierarchies;
  const byPath = new Map(sorted.map(({ path }, at) => [keyOf(path), found[at]]));
  const told = [
    ...sums,
    ...leaves.map(({ path }, k) => {
      const result = results[k];
      return { path, refused: "refused" in result ? [{ path, reason: result.refused }] : [] };
    }),
  ];
  return sortedNodes(told).map(({ path, refused }) => {
    const { mean = new Float64Array(horizon), past } = byPath.get(keyOf(path)) ?? {};
    const relative = past?.said.every((own) => own.every((value) => value > 0)) ?? false;
    return { path, mean, refused, ...past && { past: conformalErrors(past, relative) } };
  });
}

/** The interval around the forecasts of a part or a sum; undefined if the past was too short to tell. */
export function hierarchyInterval(
  { mean, past }: HierarchyNode,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } | undefined {
  return automaticInterval({ past }, mean, level);
}

/** A part or a sum with its own model. */
export interface FittedNode {
  /** Where it belongs, from the top. */
  readonly path: readonly string[];
  /** The step of its first value: parts may begin at different ones. */
  readonly first: number;
  /** Its values, which end when those of all others of the hierarchy do. */
  readonly y: Float64Array;
  /** Fitted to them with `keepPast`; undefined of a sum that has no say of its own. */
  readonly model?: AutomaticModel;
}

/** What a node of a hierarchy says when all agree. */
export interface AgreedNode {
  /** Its forecasts, shape [horizon]. */
  readonly mean: Float64Array;
  /** What it said at earlier times, beside what came; undefined if the past is too short to tell. */
  readonly past?: PastErrors;
}

/**
 * Makes the forecasts of hierarchies agree, those to come and those from earlier times.
 *
 * @param hierarchies Nodes of each, sums before their parts.
 * @param reconciliation How; the one that was nearer at earlier times, over all of them, if left out.
 * @returns How it was done, and the nodes of each in their order.
 */
export function agreedForecasts(
  hierarchies: readonly (readonly FittedNode[])[],
  horizon: number,
  reconciliation?: Reconciliation,
): { readonly reconciliation: Reconciliation; readonly hierarchies: AgreedNode[][] } {
  const pasts = hierarchies.map((nodes) => pastOf(nodes));
  const how = reconciliation ?? nearerReconciliation(hierarchies, pasts);
  return {
    reconciliation: how,
    hierarchies: hierarchies.map((nodes, k) => {
      const means = agreedSteps(nodes, nodes.map((node) => said(node, horizon)), how);
      const { origins = [], speaks = [] } = pasts[k] ?? {};
      const past = origins.map((own) => agreedSteps(nodes, own.said, how));
      return nodes.map((_, at) => ({
        mean: means[at],
        ...speaks[at] && {
          past: {
            said: past.map((own) => own[at]),
            came: origins.map(({ came }) => came[at]),
          },
        },
      }));
    }),
  };
}

const said = ({ model }: FittedNode, horizon: number) =>
  model === undefined ? new Float64Array(horizon).fill(NaN) : forecastAutomatic(model, horizon);

/** What nodes said from earlier times, and what came, node by node. */
interface Past {
  /** Whether a node ever said something, or is a sum of such. */
  readonly speaks: readonly boolean[];
  readonly origins: readonly {
    readonly said: readonly Float64Array[];
    readonly came: readonly Float64Array[];
  }[];
}

/** The earlier times at which all parts speak that ever do; one that never does is taken for what came. */
function pastOf(nodes: readonly FittedNode[]): Past | undefined {
  const sayings = nodes.map(({ model, first }) =>
    new Map(model?.said?.map(({ origin, values }) => [first + origin, values]))
  );
  const parents = parentsOf(nodes);
  const speaking = sayings.filter((own, at) => !parents.includes(at) && own.size > 0);
  const [some] = speaking;
  if (some === undefined) return undefined;
  const steps = [...some.keys()].filter((step) => speaking.every((own) => own.has(step)));
  if (steps.length < 2) return undefined;
  const origins = steps.sort((a, b) => a - b).map((step) => {
    const { length } = some.get(step)!;
    const came = nodes.map(({ y, first }) =>
      Float64Array.from({ length }, (_, h) => y[step + h - first] ?? 0)
    );
    return {
      came,
      said: sayings.map((own, at) => {
        const values = own.get(step);
        if (values !== undefined) return Float64Array.from(values);
        return parents.includes(at) ? new Float64Array(length).fill(NaN) : came[at];
      }),
    };
  });
  return { origins, speaks: sayings.map(({ size }, at) => size > 0 || parents.includes(at)) };
}

/** What nodes say step by step, so that it agrees, shape [nodes][steps]. */
function agreedSteps(
  nodes: readonly FittedNode[],
  values: readonly Float64Array[],
  how: Reconciliation,
): Float64Array[] {
  const parents = parentsOf(nodes);
  const errors = nodes.map(({ model }) => model?.error ?? NaN);
  const agreed = values.map(({ length }) => new Float64Array(length));
  for (let h = 0; h < values[0].length; h++) {
    const step = agreeing(parents, values.map((own) => own[h]), errors, how);
    step.forEach((value, at) => agreed[at][h] = value);
  }
  return agreed;
}

/** The way that errors were smaller by, each over its node's usual one. */
function nearerReconciliation(
  hierarchies: readonly (readonly FittedNode[])[],
  pasts: readonly (Past | undefined)[],
): Reconciliation {
  const errorBy = (how: Reconciliation) => {
    let sum = 0;
    hierarchies.forEach((nodes, k) => {
      for (const { said, came } of pasts[k]?.origins ?? []) {
        agreedSteps(nodes, said, how).forEach((own, at) => {
          const usual = nodes[at].model?.error ?? NaN;
          if (!(usual > 0)) return;
          own.forEach((value, h) => sum += Math.abs(value - came[at][h]) / usual / own.length);
        });
      }
    });
    return sum;
  };
  return errorBy("weighted") < errorBy("bottomUp") ? "weighted" : "bottomUp";
}

const keyOf = (path: readonly string[]) => JSON.stringify(path);

/** Place of the sum above each node, −1 where there is none. */
function parentsOf(nodes: readonly FittedNode[]): number[] {
  const places = new Map(nodes.map(({ path }, at) => [keyOf(path), at]));
  return nodes.map(({ path }) =>
    path.length === 0 ? -1 : places.get(keyOf(path.slice(0, -1))) ?? -1
  );
}

/** Sums before their parts, in the order in which these came. */
function sortedNodes<Node extends { readonly path: readonly string[] }>(
  nodes: readonly Node[],
): Node[] {
  const byParent = Map.groupBy(
    nodes,
    ({ path }) => path.length === 0 ? "" : keyOf(path.slice(0, -1)),
  );
  const sorted: Node[] = [];
  const open = [...byParent.get("") ?? []];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    sorted.push(node);
    open.unshift(...byParent.get(keyOf(node.path)) ?? []);
  }
  return sorted;
}

/** The sums above parts; values are those of the parts that could be forecast, if there are any. */
function sumsOf(leaves: readonly HierarchyLeaf[], results: readonly ManyResult[]) {
  const sums = new Map<string, {
    readonly path: readonly string[];
    y?: Float64Array;
    readonly refused: { readonly path: readonly string[]; readonly reason: string }[];
  }>();
  leaves.forEach(({ path, y }, k) => {
    const result = results[k];
    for (let depth = 0; depth < path.length; depth++) {
      const own = path.slice(0, depth);
      const sum = sums.get(keyOf(own)) ?? { path: own, refused: [] };
      sums.set(keyOf(own), sum);
      if ("refused" in result) sum.refused.push({ path, reason: result.refused });
      else {
        const total = sum.y ??= new Float64Array(y.length);
        y.forEach((value, t) => total[t] += value);
      }
    }
  });
  return [...sums.values()];
}

function checkLeaves(leaves: readonly HierarchyLeaf[]): void {
  const cannot = (found: string, next: string): never => {
    throw new DataError(`Cannot add series up: ${found}`, { next });
  };
  if (leaves.length === 0) cannot("there are none", "give one series or more");
  const seen = new Set<string>();
  const above = new Set<string>();
  const textOf = (path: readonly string[]) => path.join(" / ") || "the whole";
  for (const { path, y } of leaves) {
    if (y.length !== leaves[0].y.length) {
      cannot(
        `${textOf(path)} has ${y.length} values, ${textOf(leaves[0].path)} ${leaves[0].y.length}`,
        "give all of them the same steps, with 0 where nothing was",
      );
    }
    const key = keyOf(path);
    if (seen.has(key)) cannot(`${textOf(path)} is there twice`, "give each path once");
    seen.add(key);
    for (let depth = 0; depth < path.length; depth++) above.add(keyOf(path.slice(0, depth)));
  }
  const both = leaves.find(({ path }) => above.has(keyOf(path)));
  if (both) cannot(`${textOf(both.path)} has parts of its own`, "give the parts alone");
}
