/** Carries a graph out: each step as soon as its inputs are there and cores are free. */

import { attempt } from "./attempt.ts";
import { eventError } from "./attempt.ts";
import type { RunInfo, StepContext } from "./definition.ts";
import type { StepStatus, Unit, Untimed } from "./events.ts";
import type { EachNode, Graph, Item, StepNode, WorkNode } from "./graph.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { Slots } from "./slots.ts";

/** What carrying out needs of the run. */
export interface ExecuteScope {
  readonly run: RunInfo;
  readonly slots: Slots;
  readonly lifetimes: Lifetimes;
  /** Aborted by `fail`, or from outside. */
  readonly signal: AbortSignal;
  /** Takes the first error and stops the rest of the run. */
  readonly fail: (unit: Unit, error: unknown) => void;
  readonly emit: (event: Untimed) => void;
  /** Seconds since the run started. */
  readonly elapsed: () => number;
}

/** Runs all steps; rejects when one fails or the run is stopped. */
export async function execute(graph: Graph, scope: ExecuteScope): Promise<Map<string, unknown>> {
  const outputs = new Map<string, Promise<unknown>>();
  for (const node of graph.nodes) {
    const output = executeNode(node, graph, outputs, scope);
    output.catch(() => {}); // told through `fail`; awaited below
    outputs.set(node.name, output);
  }
  const settled = await Promise.allSettled(outputs.values());
  const failed = settled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const values = new Map<string, unknown>();
  for (const [name, output] of outputs) values.set(name, await output);
  return values;
}

async function executeNode(
  node: WorkNode,
  graph: Graph,
  outputs: ReadonlyMap<string, Promise<unknown>>,
  scope: ExecuteScope,
): Promise<unknown> {
  const ready = Object.values(node.inputs).filter((source) => outputs.has(source));
  await Promise.all(ready.map((source) => outputs.get(source)));
  const inputs = async () => {
    const values: Record<string, unknown> = {};
    for (const [name, source] of Object.entries(node.inputs)) {
      if (scope.lifetimes.has(source)) values[name] = await scope.lifetimes.get(source);
      else values[name] = graph.files.get(source)?.path ?? await outputs.get(source);
    }
    return values;
  };
  return node.kind === "step"
    ? await executeStep(node, inputs, scope)
    : await executeEach(node, inputs, scope);
}

type LoadInputs = () => Promise<Record<string, unknown>>;

function executeStep(node: StepNode, inputs: LoadInputs, scope: ExecuteScope): Promise<unknown> {
  return executeUnit({ step: node.name }, node, scope, async (context) => {
    return await node.run(await inputs(), context);
  });
}

/** Runs the items of a fan-out, at most as many at a time as there are cores. */
async function executeEach(
  node: EachNode,
  inputs: LoadInputs,
  scope: ExecuteScope,
): Promise<unknown[]> {
  const { items } = node;
  const unit = { step: node.name };
  const results = new Array<unknown>(items.length);
  let next = 0;
  let finished = 0;
  let started: number | undefined;

  async function runItem({ key, value }: Item, index: number): Promise<void> {
    results[index] = await executeUnit({ ...unit, item: key }, node, scope, async (context) => {
      return await node.run(value, await inputs(), context);
    }, () => {
      if (started !== undefined) return;
      started = scope.elapsed();
      scope.emit({ type: "step_started", ...unit, attempt: 1 });
    });
    finished++;
    scope.emit({ type: "step_progress", ...unit, done: finished / items.length });
  }
  async function lane(): Promise<void> {
    while (next < items.length) {
      const index = next++;
      await runItem(items[index], index);
    }
  }
  const lanes = Array.from({ length: Math.min(scope.slots.total, items.length) }, lane);
  const settled = await Promise.allSettled(lanes);
  const failed = settled.find((result) => result.status === "rejected");
  const since = started ?? scope.elapsed();
  const status: StepStatus = failed ? scope.signal.aborted ? "cancelled" : "failed" : "ran";
  if (started !== undefined || !failed) {
    const seconds = scope.elapsed() - since;
    scope.emit({ type: "step_finished", ...unit, status, seconds });
  }
  if (failed) throw failed.reason;
  return results;
}

/** Waits for cores, runs one step or item, tells how it ended. */
async function executeUnit(
  unit: Unit,
  { options }: WorkNode,
  scope: ExecuteScope,
  work: (context: StepContext) => unknown,
  onStart: () => void = () => {},
): Promise<unknown> {
  const { signal, emit, run, elapsed } = scope;
  using _cores = await scope.slots.acquire(options.resources?.cores ?? 1, signal);
  const started = elapsed();
  onStart();
  try {
    const value = await attempt(work, options, { unit, run, signal, emit });
    signal.throwIfAborted();
    emit({ type: "step_finished", ...unit, status: "ran", seconds: elapsed() - started });
    return value;
  } catch (error) {
    const seconds = elapsed() - started;
    if (signal.aborted) {
      emit({ type: "step_finished", ...unit, status: "cancelled", seconds });
    } else {
      emit({ type: "step_finished", ...unit, status: "failed", seconds, error: eventError(error) });
      scope.fail(unit, error);
    }
    throw error;
  }
}
