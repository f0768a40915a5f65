/** One step, or one item of a fan-out: taken from the cache, or run and kept. */

import { maskedText, UserError } from "../base/mod.ts";
import { attempt, eventError } from "./attempt.ts";
import { isOpen, reasonText } from "./cache/reasons.ts";
import type { Decision, Hit, KeptLine, StepCache } from "./cache/step_cache.ts";
import type { Entered, WrittenPaths } from "./cache/written_paths.ts";
import type { RunInfo, StepContext } from "./definition.ts";
import type { Unit, Untimed } from "./events.ts";
import { type Item, unitName, type WorkNode } from "./graph.ts";
import type { Selection } from "./selection.ts";
import type { Slots } from "./slots.ts";
import type { Stops } from "./stops.ts";

/** What running a unit needs of the run. */
export interface UnitScope {
  readonly run: RunInfo;
  readonly slots: Slots;
  readonly selection: Selection;
  /** Kept outputs; undefined for a run that keeps nothing. */
  readonly cache?: StepCache;
  /** What was decided before the run, by {@link unitName}. */
  readonly planned: ReadonlyMap<string, Decision>;
  /** Keeps apart what writes one path; where there is a cache. */
  readonly written?: WrittenPaths;
  /** What ends it before its time, and what has failed. */
  readonly stops: Stops;
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
  scope.stops.signal.throwIfAborted();
  if (cache === undefined) return await makeUnit(given, unit, [], scope);
  const started = elapsed();
  let decision = scope.planned.get(unitName(unit.step, unit.item))!;
  if (decision.verdict === "maybe") decision = await cache.decide(node, item, inputs, false);
  if (decision.verdict === "cached") return await takeKept(given, unit, decision, started, scope);
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
    scope.stops.fail({ unit, error, artifacts: given.artifacts });
    throw error;
  }
  const isNew = decision.reasons.some(({ type }) => type === "NEW");
  const { fingerprint, files } = await cache.knownOf(node, item, inputs, isNew);
  const onWait = (text: string) => emit({ type: "warning", ...unit, text });
  using entered = await scope.written?.enter(unit, fingerprint, files, scope.stops.signal, onWait);
  const wanted = decision.reasons.every(({ type }) => !mustRun.has(type));
  const made = wanted ? await cache.madeMeanwhile(unit, fingerprint) : undefined;
  if (made) return await takeKept(given, unit, made, started, scope);
  return await makeUnit(given, unit, reasons, scope, entered);
}

/** Reasons that the work of a run beside this one does not settle. */
const mustRun = new Set(["FORCED", "NOT CACHED", "OUTPUT MISSING"]);

/** Takes a unit's output from the cache. */
async function takeKept(
  given: UnitWork,
  unit: Unit,
  { output, lines, metrics, fingerprint, files }: Hit,
  started: number,
  { cache, written, emit, elapsed }: UnitScope,
): Promise<UnitOutput> {
  if (files.length > 0) {
    written?.restored(unit, files.map(({ path }) => path));
    await cache!.artifacts.restoreFiles(output.digest, files);
  }
  given.onStart?.(true);
  for (const { type, text } of lines) emit({ type, ...unit, text });
  for (const [name, value] of Object.entries(metrics)) {
    emit({ type: "metric", ...unit, name, value });
  }
  const seconds = elapsed() - started;
  emit({
    type: "step_finished",
    ...unit,
    status: "cached",
    seconds,
    artifact: output,
    fingerprint,
  });
  return { cached: true, digest: output.digest };
}

/** Waits for cores, runs the unit, keeps its output and tells how it ended. */
export async function makeUnit(
  { node, item, inputs, artifacts, work, moved, onStart }: UnitWork,
  unit: Unit,
  reasons: readonly string[],
  scope: UnitScope,
  entered?: Entered,
): Promise<UnitOutput> {
  const { run, elapsed, cache, stops } = scope;
  const halt = stops.signal;
  const signal = item === undefined ? halt : stops.interrupted;
  let started = elapsed();
  const since = Date.now();
  let begun = false;
  let held: Disposable | undefined;
  const cores = {
    take: async () => {
      held = await scope.slots.acquire(node.options.resources?.cores ?? 1, halt);
      if (begun) return;
      begun = true;
      started = elapsed();
      onStart?.(false);
      if (item) stops.items++;
    },
    giveBack: () => held?.[Symbol.dispose](),
  };
  const late = (error: unknown) => {
    if (stops.over) return false;
    const { message } = eventError(error);
    emit({ type: "warning", ...unit, text: `It went on after its end, and failed: ${message}` });
    stops.fail({ unit, error, artifacts });
    return true;
  };
  const lines: KeptLine[] = [];
  const metrics: Record<string, number> = {};
  const emit = (event: Untimed) => {
    if (event.type === "log" || event.type === "warning") {
      lines.push({ type: event.type, text: maskedText(event.text) });
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
    const value = await attempt(work, node.options, { unit, run, signal, halt, cores, emit, late });
    signal.throwIfAborted();
    const seconds = elapsed() - started;
    if (cache === undefined) {
      emit({ type: "step_finished", ...unit, status: "ran", seconds });
      return { cached: false, value };
    }
    const at = new Date().toISOString();
    const changed = await moved?.();
    if (changed !== undefined) {
      emit({ type: "warning", ...unit, text: `${changed} was changed meanwhile: it is not kept` });
    }
    const kept = await cache.keep(
      node,
      item,
      inputs,
      value,
      { lines: [...lines], metrics, seconds, run: run.id, at },
      async (files, kept) =>
        entered && await scope.written!.claim(unit, files, kept, since, entered),
      changed === undefined,
    );
    const { digest: fingerprint, record: { output: artifact } } = kept;
    emit({ type: "step_finished", ...unit, status: "ran", seconds, artifact, fingerprint });
    return { cached: false, digest: artifact.digest, value };
  } catch (error) {
    if (!begun) throw error; // stopped while it waited
    const seconds = elapsed() - started;
    if (signal.aborted) {
      emit({ type: "step_finished", ...unit, status: "cancelled", seconds });
    } else {
      emit({ type: "step_finished", ...unit, status: "failed", seconds, error: eventError(error) });
      stops.fail({ unit, error, artifacts });
    }
    throw error;
  } finally {
    cores.giveBack();
    if (begun && item) stops.items--;
  }
}
