/** A pipeline as Apache Airflow needs to know it: plain data that a DAG is built from without Deno. */

import { UsageError } from "../base/mod.ts";
import type { Pipeline, PipelineGraph } from "../pipeline/mod.ts";

/** How steps become tasks: each by itself, chains of steps as one, or all as one. */
export const groupings = ["none", "chain", "all"] as const;

/** One of {@linkcode groupings}. */
export type Grouping = typeof groupings[number];

/** A task: steps one after the other, or the items of one fan-out. */
export interface TaskSpec {
  /** Name of the task: that of its last step. */
  readonly id: string;
  /** Steps, in their order. */
  readonly steps: readonly string[];
  /** Tasks that come before. */
  readonly upstream: readonly string[];
  /** The fan-out whose items are mapped, one task instance each. */
  readonly each?: string;
  /** How often the task is tried again; 1 at the least, for a worker may be lost. */
  readonly retries: number;
  /** Seconds before it is tried again. */
  readonly retry_delay?: number;
  /** Seconds after which it is ended, with what steps try again by themselves. */
  readonly timeout?: number;
  /** Cores that it keeps busy: slots of its pool. */
  readonly cores: number;
  /** Which workers take it. */
  readonly queue?: string;
}

/** A pipeline as a DAG. */
export interface DagSpec {
  /** Version of this form. */
  readonly format: 1;
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** What it does. */
  readonly description: string;
  /** When it runs by itself. */
  readonly schedule?: { readonly cron: string; readonly time_zone?: string };
  /** Pipelines whose runs it follows. */
  readonly after: readonly string[];
  /** JSON Schema of each parameter, with its default. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Who hears of a failure. */
  readonly on_failure?: { readonly webhook?: string; readonly command?: readonly string[] };
  /** Tasks, each after those that it needs. */
  readonly tasks: readonly TaskSpec[];
}

/** Seconds that a task has beside the timeouts of its steps, to start and to share what they made. */
const MARGIN = 120;

/**
 * Describes a pipeline, wired for its default parameters. Items of a fan-out are not listed: the
 * run's first task finds them by the run's own parameters.
 *
 * @param options.group How steps become tasks; chains as one, and all steps as one of a pipeline that
 * keeps nothing (`cache: false`), since no other process would find what they made.
 * @throws {UsageError} for a pipeline whose steps are not all there without parameters, a
 * schedule that Airflow has no form for, or several tasks of a pipeline that keeps nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pipeline } from "../pipeline/mod.ts";
 * const sums = pipeline("sums", { description: "adds" }, ({ step, each }) => {
 *   const read = step("read", () => [1, 2]);
 *   const checked = step("check", { read }, ({ read }) => read);
 *   const squared = each("square", [1, 2], { checked }, (n) => n * n);
 *   step("sum", { squared }, ({ squared }) => squared.length);
 * });
 * assertEquals(
 *   dagSpec(sums, { group: "chain" }).tasks.map(({ id, steps, upstream }) => [id, steps, upstream]),
 *   [["check", ["read", "check"], []], ["square", ["square"], ["check"]], ["sum", ["sum"], ["square"]]],
 * );
 * ```
 */
export function dagSpec(
  pipeline: Pipeline,
  { group, after = [] }: { group?: Grouping; after?: readonly string[] } = {},
): DagSpec {
  const { name, description, schedule, cache } = pipeline;
  const { properties = {} } = pipeline.params.toJSONSchema({ io: "input", unrepresentable: "any" });
  const params = Object.fromEntries(
    // A secret has no place in a form that is kept; workers take it from their environment.
    Object.entries(properties).filter(([, type]) => !(type as { secret?: boolean }).secret),
  );
  const defaults = pipeline.params.safeParse({});
  if (!defaults.success) {
    const [{ path }] = defaults.error.issues;
    throw new UsageError(`Cannot export ${name}: its parameter ${path.join(".")} has no default`, {
      next: "give it a default, which the form of Airflow shows",
    });
  }
  const given = typeof schedule === "string" ? { cron: schedule } : schedule;
  if (given !== undefined && given.cron.trim().split(/\s+/).length !== 5) {
    throw new UsageError(`Cannot export ${name}: Airflow has no seconds (found "${given.cron}")`, {
      next: "write a cron pattern of five fields",
    });
  }
  const { webhook, command } = given?.onFailure ?? {};
  const graph = pipeline.graph(defaults.data);
  if (cache === false && group !== undefined && group !== "all" && graph.nodes.length > 1) {
    throw new UsageError(`Cannot make several tasks of ${name}: it keeps nothing for the next`, {
      next: "export it with --group all, or leave out cache: false in its declaration",
    });
  }
  return {
    format: 1,
    pipeline: name,
    description,
    ...given &&
      { schedule: { cron: given.cron, ...given.timeZone && { time_zone: given.timeZone } } },
    after,
    params,
    ...given?.onFailure &&
      { on_failure: { ...webhook && { webhook }, ...command && { command } } },
    tasks: tasksOf(graph, group ?? (cache === false ? "all" : "chain")),
  };
}

function tasksOf(graph: PipelineGraph, group: Grouping): TaskSpec[] {
  const { nodes } = graph;
  const work = new Set(nodes.map(({ name }) => name));
  const above = new Map<string, Set<string>>();
  const direct = new Map<string, readonly string[]>();
  for (const { name, inputs } of nodes) {
    const sources = [...new Set(Object.values(inputs))].filter((source) => work.has(source));
    above.set(name, new Set(sources.flatMap((source) => [source, ...above.get(source)!])));
    // What is behind another source comes before it anyway.
    direct.set(
      name,
      sources.filter((one) => !sources.some((other) => above.get(other)!.has(one))),
    );
  }
  const followers = Map.groupBy(
    nodes.flatMap(({ name }) => direct.get(name)!.map((source) => ({ source, name }))),
    ({ source }) => source,
  );
  const groups: string[][] = [];
  const groupOf = new Map<string, string[]>();
  const each = new Set(nodes.flatMap(({ kind, name }) => kind === "each" ? [name] : []));
  for (const { name } of nodes) {
    const [before, ...more] = direct.get(name)!;
    const chained = group === "chain" && before !== undefined && more.length === 0 &&
      followers.get(before)!.length === 1 && !each.has(name) && !each.has(before);
    const own = group === "all" ? groups[0] : chained ? groupOf.get(before) : undefined;
    if (own === undefined) groups.push([]);
    const joined = own ?? groups.at(-1)!;
    joined.push(name);
    groupOf.set(name, joined);
  }
  const optionsOf = new Map(nodes.map(({ name, options }) => [name, options]));
  return groups.map((steps): TaskSpec => {
    const id = steps.at(-1)!;
    const options = steps.map((step) => optionsOf.get(step)!);
    const sources = steps.flatMap((step) => direct.get(step)!);
    const upstream = sources.map((source) => groupOf.get(source)!.at(-1)!);
    const [delay] = options.flatMap(({ retryDelay }) => retryDelay ?? []);
    const queues = new Set(options.flatMap(({ resources }) => resources?.queue ?? []));
    if (queues.size > 1) {
      throw new UsageError(
        `Cannot make one task of ${steps.join(", ")}: they are for ${[...queues].join(" and ")}`,
        { next: "export with --group none" },
      );
    }
    const limits = options.map(({ timeout, retries = 0 }) => timeout && timeout * (retries + 1));
    const [queue] = queues;
    return {
      id,
      steps,
      upstream: [...new Set(upstream)].filter((task) => task !== id),
      ...each.has(id) && steps.length === 1 && { each: id },
      retries: Math.max(1, ...options.map(({ retries = 0 }) => retries)),
      ...delay !== undefined && { retry_delay: typeof delay === "number" ? delay : delay.seconds },
      ...limits.every((limit) => limit !== undefined) &&
        { timeout: limits.reduce((sum, limit) => sum! + limit!, MARGIN)! },
      cores: Math.max(1, ...options.map(({ resources }) => resources?.cores ?? 1)),
      ...queue !== undefined && { queue },
    };
  });
}
