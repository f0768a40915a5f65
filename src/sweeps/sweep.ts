/** Runs a pipeline for each combination of a grid of parameters. */

import { EXIT_INTERRUPTED, UsageError } from "../base/mod.ts";
import {
  Expected,
  Lifetimes,
  parseParams,
  type Pipeline,
  type Plan,
  planAfter,
  type planPipeline,
  runName,
  type RunOptions,
  runPoint,
  type RunResult,
  select,
  type SweepEnd,
  unitName,
  withinGrace,
} from "../pipeline/mod.ts";
import type { RunStatus, SweptPoint, Untimed } from "../run_events/mod.ts";
import { gridPoints, type SweepGrid } from "./grid.ts";

/** How a sweep is run. */
export interface SweepOptions extends RunOptions {
  /** The values of each parameter that varies; every combination of them is run. */
  readonly grid: SweepGrid;
  /** Hears how each combination's run ended. */
  readonly onResult?: (result: RunResult, params: Readonly<Record<string, unknown>>) => void;
}

/** How a sweep ended. */
export interface SweepResult {
  /** Name of the sweep, which its runs carry in the history. */
  readonly sweep: string;
  /** The combinations in the order of their runs. */
  readonly points: readonly SweptPoint[];
  /** 0, 1 if a combination failed, 130 interrupted, or the highest that the pipeline gave. */
  readonly exitCode: number;
}

const EXIT_FAILED = 1;

/**
 * Runs each combination of a grid, one after the other; what their steps have in common
 * is done once if outputs are kept. Each is a run of its own, with its own resources.
 * One that fails does not stop the others; an interrupt does.
 *
 * @throws {UsageError} before anything runs, for a combination that does not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pipeline } from "../pipeline/mod.ts";
 * import { z } from "zod";
 *
 * const power = pipeline("power", {
 *   description: "raises",
 *   params: z.object({ base: z.number().default(2), to: z.number().default(1) }),
 * }, ({ step, params }) => {
 *   step("raise", ({ metric }) => metric("result", params.base ** params.to));
 * });
 * const { points } = await runSweep(power, { grid: { to: [2, 3] } });
 * assertEquals(points.map(({ metrics }) => metrics.result), [4, 8]);
 * ```
 */
export async function runSweep<Params>(
  pipeline: Pipeline<Params>,
  { grid, onResult = () => {}, ...options }: SweepOptions,
): Promise<SweepResult> {
  const combinations = checkedPoints(pipeline, grid, options);
  const { signal, grace = 10, onEvent = () => {} } = options;
  const emit = (event: Untimed) => onEvent({ ...event, at: new Date().toISOString() });
  const shared = new Lifetimes<SweepEnd>();
  const id = runName(`${pipeline.name}_sweep`, new Date());
  const points: SweptPoint[] = [];
  let exitCode = 0;
  let status: RunStatus = "succeeded";
  for (const [index, params] of combinations.entries()) {
    if (signal?.aborted) {
      points.push({ params, status: "not run", metrics: {} });
      continue;
    }
    const metrics: Record<string, number> = {};
    let seconds = 0;
    const result = await runPoint(pipeline, {
      ...options,
      params: { ...options.params, ...params },
      onEvent: (event) => {
        if (event.type === "metric") metrics[unitName(event.name, event.item)] = event.value;
        if (event.type === "run_finished") seconds = event.seconds;
        onEvent(event);
      },
    }, { point: { id, index, count: combinations.length, params }, shared });
    points.push({ params, status: result.status, run: result.run, seconds, metrics });
    if (result.status === "failed") status = "failed";
    exitCode = Math.max(exitCode, result.exitCode);
    onResult(result, params);
  }
  if (signal?.aborted) status = "cancelled";
  const closed = shared.close((step) => ({
    status,
    points,
    log: (text) => emit({ type: "log", step, text }),
    warn: (text) => emit({ type: "warning", step, text }),
  }));
  for (const { name, error } of await withinGrace(closed, grace) ?? []) {
    if (status === "succeeded") status = "failed";
    const text = error instanceof Error ? error.message : String(error);
    emit({ type: "warning", step: name, text: `Cannot close ${name}: ${text}` });
  }
  if (status === "cancelled") exitCode = EXIT_INTERRUPTED;
  else if (status === "failed") exitCode = EXIT_FAILED;
  emit({ type: "sweep_finished", sweep: id, points, exitCode });
  return { sweep: id, points, exitCode };
}

/** The plan of one combination. */
export interface PointPlan extends Plan {
  /** The parameters that vary. */
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Finds out what a sweep would do: a step that an earlier combination is certain to
 * have done by then counts as cached.
 *
 * @throws {UsageError} for a combination that does not fit.
 */
export async function planSweep<Params>(
  pipeline: Pipeline<Params>,
  { grid, ...options }: Parameters<typeof planPipeline<Params>>[1] & { readonly grid: SweepGrid },
): Promise<PointPlan[]> {
  const plans: PointPlan[] = [];
  const expected = new Expected();
  for (const params of checkedPoints(pipeline, grid, options)) {
    const all = { ...options, params: { ...options.params, ...params } };
    plans.push({ params, ...await planAfter(expected, pipeline, all) });
  }
  return plans;
}

/** Every combination, once it is known that each one can be wired and picked from. */
function checkedPoints<Params>(
  pipeline: Pipeline<Params>,
  grid: SweepGrid,
  { params = {}, picks = {} }: Pick<RunOptions, "params" | "picks">,
): Record<string, unknown>[] {
  const both = Object.keys(grid).find((name) => name in params);
  if (both !== undefined) {
    throw new UsageError(`Cannot sweep the parameter "${both}": it is also set to one value`, {
      next: "leave one of the two out",
    });
  }
  const points = gridPoints(grid);
  for (const point of points) {
    select(pipeline.graph(parseParams(pipeline.params, { ...params, ...point })), picks);
  }
  return points;
}
