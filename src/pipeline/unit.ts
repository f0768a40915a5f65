/** One step, or one item of a fan-out: taken from the cache, or run and kept. */

import { UserError } from "../base/mod.ts";
import { attempt, eventError } from "./attempt.ts";
import { isOpen, reasonText } from "./cache/reasons.ts";
import type { Decision, KeptLine, StepCache } from "./cache/step_cache.ts";
import type { RunInfo, StepContext } from "./definition.ts";
import type { Unit, Untimed } from "./events.ts";
import { type Item, unitName, type WorkNode } from "./graph.ts";
import type { Selection } from "./selection.ts";
import type { Slots } from "./slots.ts";

/** What running a unit needs of the run. */
export interface UnitScope {
  readonly run: RunInfo;
  readonly slots: Slots;
  readonly selection: Selection;
  /** Kept outputs; undefined for a run that keeps nothing. */
  readonly cache?: StepCache;
  /** What was decided before the run, by {@link unitName}. */
  readonly planned: ReadonlyMap<string, Decision>;
  /** Aborted by `fail`, or from outside. */
  readonly signal: AbortSignal;
  /** Takes the first error and stops the rest of the run. */
  readonly fail: (failure: UnitFailure) => void;
  readonly emit: (event: Untimed) => void;
  /** Seconds since the run started. */
  readonly elapsed: () => number;
}

/** What failed and with what it worked. */
export interface UnitFailure {
  /** The step or item. */
  readonly unit: Unit;
  /** What it threw. */
  readonly error: unknown;
  /** Digests of the artifacts that each input consists of. */
  readonly artifacts: InputArtifacts;
}

/** Digests of the artifacts that each input consists of; more than one for a fan-out. */
export type InputArtifacts = Readonly<Record<string, readonly string[]>>;

/** A unit with its work. */
export interface UnitWork {
  readonly node: WorkNode;
  readonly item?: Item;
  /** Digests of the inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly artifacts: InputArtifacts;
  readonly work: (context: StepContext) => unknown;
  /** What of the code and files that the unit reads was changed since it was decided. */
  readonly moved?: () => Promise<string | undefined>;
  /** Told before the unit is run or taken from the cache. */
  readonly onStart?: (cached: boolean) => void;
}

/** How a unit came out: kept under a digest, or as a value. */
export interface UnitOutput {
  readonly cached: boolean;
  readonly digest?: string;
  readonly value?: unknown;
}

/** Takes a unit's output from the cache or makes it. */
export async function runUnit(given: UnitWork, scope: UnitScope): Promise<UnitOutput> {
  const { node, item, inputs } = given;
  const { cache, selection, emit, elapsed } = scope;
  const unit: Unit = { step: node.name, ...item && { item: item.key } };
  scope.signal.throwIfAborted();
  if (cache === undefined) return await makeUnit(given, unit, [], scope);
  const started = elapsed();
  let decision = scope.planned.get(unitName(unit.step, unit.item))!;
  if (decision.verdict === "maybe") decision = await cache.decide(node, item, inputs, false);
  if (decision.verdict === "cached") {
    const { output, lines, metrics, fingerprint, files } = decision;
    if (files.length > 0) await cache.artifacts.restoreFiles(output.digest, files);
    given.onStart?.(true);
    for (const { type, text } of lines) emit({ type, ...unit, text });
    for (const [name, value] of Object.entries(metrics)) {
      emit({ type: "metric", ...unit, name, value });
    }
    emit({
      type: "step_finished",
      ...unit,
      status: "cached",
      seconds: elapsed() - started,
      artifact: output,
      fingerprint,
    });
    return { cached: true, digest: output.digest };
  }
  const settled = decision.reasons.filter((reason) => !isOpen(reason)); // by now inputs are known
  const reasons = (settled.length > 0 ? settled : decision.reasons).map(reasonText);
  if (selection.needs(unit.step)) {
    const name = unitName(unit.step, unit.item);
    const error = new UserError(
      `Cannot run one step alone: ${name}, which it needs, is not up to date (${
        reasons.join(", ")
      })`,
      { next: `run it first: --only ${name}` },
    );
    emit({
      type: "step_finished",
      ...unit,
      status: "failed",
      seconds: 0,
      error: eventError(error),
    });
    scope.fail({ unit, error, artifacts: given.artifacts });
    throw error;
  }
  return await makeUnit(given, unit, reasons, scope);
}

/** Waits for cores, runs the unit, keeps its output and tells how it ended. */
export async function makeUnit(
  { node, item, inputs, artifacts, work, moved, onStart }: UnitWork,
  unit: Unit,
  reasons: readonly string[],
  scope: UnitScope,
): Promise<UnitOutput> {
  const { signal, run, elapsed, cache } = scope;
  using _cores = await scope.slots.acquire(node.options.resources?.cores ?? 1, signal);
  const started = elapsed();
  onStart?.(false);
  const lines: KeptLine[] = [];
  const metrics: Record<string, number> = {};
  const emit = (event: Untimed) => {
    if (event.type === "log" || event.type === "warning") {
      lines.push({ type: event.type, text: event.text });
    } else if (event.type === "metric") metrics[event.name] = event.value;
    else if (event.type === "step_retried") {
      lines.length = 0; // only the try that succeeds is told again
      for (const name of Object.keys(metrics)) delete metrics[name];
    } else if (event.type === "step_started" && reasons.length > 0) {
      return scope.emit({ ...event, reasons });
    }
    scope.emit(event);
  };
  try {
    const value = await attempt(work, node.options, { unit, run, signal, emit });
    signal.throwIfAborted();
    const seconds = elapsed() - started;
    if (cache === undefined) {
      emit({ type: "step_finished", ...unit, status: "ran", seconds });
      return { cached: false, value };
    }
    const at = new Date().toISOString();
    const rest = { lines: [...lines], metrics, seconds, run: run.id, at };
    const changed = await moved?.();
    if (changed !== undefined) {
      emit({ type: "warning", ...unit, text: `${changed} was changed meanwhile: it is not kept` });
    }
    const kept = await cache.keep(node, item, inputs, value, rest, changed === undefined);
    const { digest: fingerprint, record: { output: artifact } } = kept;
    emit({ type: "step_finished", ...unit, status: "ran", seconds, artifact, fingerprint });
    return { cached: false, digest: artifact.digest, value };
  } catch (error) {
    const seconds = elapsed() - started;
    if (signal.aborted) {
      emit({ type: "step_finished", ...unit, status: "cancelled", seconds });
    } else {
      emit({ type: "step_finished", ...unit, status: "failed", seconds, error: eventError(error) });
      scope.fail({ unit, error, artifacts });
    }
    throw error;
  }
}
