/** What pipelines have made, read from the kept outputs. */

import { UsageError } from "../base/mod.ts";
import { type RunRecord } from "../pipeline/mod.ts";
import { listRuns } from "../run_history/mod.ts";
import { LocalStore, readArtifact } from "../artifact_store/mod.ts";
import { join } from "@std/path";
import { projectRoot } from "./project.ts";

/** Which output is read. */
export interface ArtifactOptions {
  /** Item of a fan-out; all of them, by item, if left out. */
  readonly item?: string;
  /** Id of the run; the newest one that has the step where left out. */
  readonly run?: string;
  /** Folder of the kept outputs; the project's `.dinoflow` if left out. */
  readonly home?: string;
}

/**
 * Reads the output of a step as the step gave it: typed arrays, frames, dates and
 * saved files come back as such. Of a fan-out without an item it is a record of
 * the outputs by item.
 *
 * The type is the caller's word: outputs carry their kinds, not TypeScript's types.
 *
 * @throws {UsageError} if the pipeline, the step or the item has not run, naming
 * what has.
 *
 * @example
 * ```ts ignore
 * const data = await artifact<CleanData>("train", "clean");
 * const scores = await artifact<CombinationScores>("train", "train", { item: "SMOTE_RandomForest" });
 * ```
 */
export async function artifact<T = unknown>(
  pipeline: string,
  step: string,
  { item, run, home }: ArtifactOptions = {},
): Promise<T> {
  const store = new LocalStore(home ?? join(await projectRoot(), ".dinoflow"));
  const runs = (await listRuns(store)).filter((record) =>
    record.pipeline === pipeline && (run === undefined || record.run === run)
  );
  const record = runs.find((record) => unitsOf(record, step).length > 0);
  if (record === undefined) throw notRun(pipeline, step, runs);
  const units = unitsOf(record, step);
  if (item === undefined && units.every((unit) => unit.item !== undefined)) {
    const values: Record<string, unknown> = {};
    for (const unit of units) values[unit.item!] = await readArtifact(store, unit.artifact!.digest);
    return values as T;
  }
  const unit = units.find((unit) => unit.item === item);
  if (unit === undefined) {
    const items = units.map((unit) => unit.item);
    throw new UsageError(`Cannot read item "${item}" of step ${step}`, {
      next: `there are ${items.join(", ")}`,
    });
  }
  return await readArtifact(store, unit.artifact!.digest) as T;
}

/** The step, or the items of the fan-out, that left an output. */
function unitsOf({ units }: RunRecord, step: string) {
  return units.filter((unit) => unit.step === step && unit.artifact !== undefined);
}

function notRun(pipeline: string, step: string, runs: readonly RunRecord[]): UsageError {
  const start = `run it with: await run("${pipeline}")`;
  if (runs.length === 0) {
    return new UsageError(`Cannot read step ${step}: ${pipeline} has not run`, { next: start });
  }
  const known = new Set(
    runs.flatMap(({ units }) =>
      units.filter(({ artifact }) => artifact !== undefined).map(({ step }) => step)
    ),
  );
  return new UsageError(`Cannot read step ${step}: no run of ${pipeline} has its output`, {
    next: known.size === 0 ? start : `there are ${[...known].join(", ")}`,
  });
}
