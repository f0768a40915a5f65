/** One step, or one item of a fan-out, at work: its output is kept and its end is told. */

import { eventError, maskedText } from "../../base/mod.ts";
import { attempt } from "./attempt.ts";
import type { KeptLine } from "../cache/step_cache.ts";
import type { Entered } from "../cache/written_paths.ts";
import type { Unit, Untimed } from "../../run_events/mod.ts";
import type { UnitOutput, UnitScope, UnitWork } from "./unit_work.ts";

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
  let forgotten = false;
  const forget = () => void (forgotten = true);
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
    const value = await attempt(work, node.options, {
      ...{ unit, run, signal, halt, cores, emit, late },
      forget,
    });
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
      changed === undefined && !forgotten,
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
