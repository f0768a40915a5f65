/** One step, or one item of a fan-out: taken from the cache, or run and kept. */

import { eventError, UserError } from "../../base/mod.ts";
import type { Hit } from "../cache/step_cache.ts";
import type { Unit } from "../../run_events/mod.ts";
import { unitName } from "../define/graph.ts";
import type { UnitOutput, UnitScope, UnitWork } from "./unit_work.ts";

/** Loaded if a unit runs: most runs find all that they need. */
const making = () => import("./make_unit.ts");

/** Takes a unit's output from the cache or makes it. */
export async function runUnit(given: UnitWork, scope: UnitScope): Promise<UnitOutput> {
  const { node, item, inputs } = given;
  const { cache, selection, emit, elapsed } = scope;
  const unit: Unit = { step: node.name, ...item && { item: item.key } };
  scope.stops.signal.throwIfAborted();
  if (cache === undefined) {
    const { makeUnit } = await making();
    return await makeUnit(given, unit, [], scope);
  }
  const started = elapsed();
  let decision = scope.planned.get(unitName(unit.step, unit.item))!;
  if (decision.verdict === "maybe") decision = await cache.decide(node, item, inputs, false);
  if (decision.verdict === "cached") return await takeKept(given, unit, decision, started, scope);
  const { isOpen, reasonText } = await import("../cache/reasons.ts");
  const settled = decision.reasons.filter((reason) => !isOpen(reason)); // by now inputs are known
  const reasons = (settled.length > 0 ? settled : decision.reasons).map(reasonText);
  const isNew = decision.reasons.some(({ type }) => type === "NEW");
  const { fingerprint, files } = await cache.knownOf(node, item, inputs, isNew);
  const wanted = decision.reasons.every(({ type }) => !mustRun.has(type));
  const byOthers = async () => wanted ? await cache.madeMeanwhile(unit, fingerprint) : undefined;
  if (selection.needs(unit.step)) {
    const made = await byOthers();
    if (made) return await takeKept(given, unit, made, started, scope);
    const name = unitName(unit.step, unit.item);
    const error = new UserError(
      `Cannot run one step alone: ${name}, which it needs, is not up to date (${
        reasons.join(", ")
      })`,
      {
        next: `run it first: --only ${name}` +
          (scope.run.partOf === undefined ? "" : "; if another " +
            "machine has, this working copy has other code, data or packages: bring both to one commit"),
      },
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
  const onWait = (text: string) => emit({ type: "warning", ...unit, text });
  using entered = await scope.written?.enter(unit, fingerprint, files, scope.stops.signal, onWait);
  const made = await byOthers();
  if (made) return await takeKept(given, unit, made, started, scope);
  const { makeUnit } = await making();
  return await makeUnit(given, unit, reasons, scope, entered);
}

/** Reasons that the work of a run beside this one does not settle. */
const mustRun = new Set(["FORCED", "NOT CACHED", "OUTPUT MISSING", "CODE UNKNOWN"]);

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
