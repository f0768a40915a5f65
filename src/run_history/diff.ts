/** What changed from one run to another. */

import { nearestName, UsageError } from "../base/mod.ts";
import { type ArtifactStore, readStoredJson } from "../artifact_store/mod.ts";
import {
  type Fingerprint,
  recordFolder,
  type RunRecord,
  type StepRecord,
  unitName,
} from "../pipeline/mod.ts";
import { listRuns } from "./list_runs.ts";

/** A value before and after; undefined if there was none. */
export interface ValueChange<T> {
  /** What changed. */
  readonly name: string;
  /** Its value in the first run. */
  readonly from?: T;
  /** Its value in the second run. */
  readonly to?: T;
}

/** What changed from one run to another. */
export interface RunDiff {
  /** Parameters as JSON. */
  readonly params: readonly ValueChange<string>[];
  /** Files of code, by the digest of what the steps reach in them. */
  readonly code: readonly ValueChange<string>[];
  /** Outputs of steps and items, by digest. */
  readonly outputs: readonly ValueChange<string>[];
  /** Files from outside, by digest. */
  readonly inputs: readonly ValueChange<string>[];
  /** Numbers that steps recorded. */
  readonly metrics: readonly ValueChange<number>[];
  /** Commit, Deno, packages. */
  readonly environment: readonly ValueChange<string>[];
}

/**
 * Finds a run by its id, the beginning of it, `latest`, or `latest~1`, `latest~2` … counted back.
 *
 * @throws {UsageError} if there is none, or more than one.
 */
export async function findRun(store: ArtifactStore, name: string): Promise<RunRecord> {
  const runs = await listRuns(store);
  const [, latest, count = "0"] = /^(latest)(?:~(\d+))?$/.exec(name) ?? [];
  const found = latest ? [runs[Number(count)]] : runs.filter(({ run }) => run.startsWith(name));
  if (found.length === 1 && found[0]) return found[0];
  const exact = found.find((record) => record?.run === name);
  if (exact) return exact;
  if (found.length > 1) {
    throw new UsageError(`Cannot tell which run "${name}" is: ${found.length} begin so`, {
      next: "give more of its name",
    });
  }
  const near = nearestName(name, runs.map(({ run }) => run));
  throw new UsageError(`Cannot find a run "${name}"`, {
    next: near ? `did you mean "${near}"?` : "see their names with: deno task pipeline runs",
  });
}

/** Compares two runs. */
export async function diffRuns(
  store: ArtifactStore,
  from: RunRecord,
  to: RunRecord,
): Promise<RunDiff> {
  const both = finished(from).intersection(finished(to));
  const [before, after] = [await gather(store, from, both), await gather(store, to, both)];
  return {
    params: changes(before.params, after.params),
    code: changes(before.code, after.code),
    outputs: changes(before.outputs, after.outputs),
    inputs: changes(before.inputs, after.inputs),
    metrics: changes(before.metrics, after.metrics),
    environment: changes(before.environment, after.environment),
  };
}

/** The units that came to an output. */
function finished({ units }: RunRecord): Set<string> {
  const done = units.filter(({ fingerprint }) => fingerprint !== undefined);
  return new Set(done.map(({ step, item }) => unitName(step, item)));
}

/** What a run says of itself; of code and files only what the units in `both` runs depend on. */
async function gather(store: ArtifactStore, record: RunRecord, both: ReadonlySet<string>) {
  const code: Record<string, string> = {};
  const inputs: Record<string, string> = {};
  const outputs: Record<string, string> = {};
  const metrics: Record<string, number> = {};
  const environment: Record<string, string> = {
    Deno: record.deno,
    ...record.git && { commit: record.git },
  };
  for (const unit of record.units) {
    const name = unitName(unit.step, unit.item);
    if (unit.artifact) outputs[name] = unit.artifact.digest;
    for (const [metric, value] of Object.entries(unit.metrics)) {
      metrics[`${name} ${metric}`] = value;
    }
    const fingerprint = await fingerprintOf(store, record.pipeline, unit);
    if (!fingerprint) continue;
    environment["deno.lock"] = fingerprint.lock;
    environment["deno.json"] = fingerprint.config;
    if (fingerprint.platform !== undefined) environment.platform = fingerprint.platform;
    if (!both.has(name)) continue; // what only one of the runs did is told by its outputs
    for (const [file, digest] of Object.entries(fingerprint.code)) {
      code[file] = code[file] === undefined ? digest : `${code[file]} ${digest}`;
    }
    for (const [input, digest] of Object.entries(fingerprint.inputs)) {
      const [, outside] = /^(?:file|env):(.*)$/.exec(digest) ?? [];
      if (outside !== undefined) inputs[input] = outside;
    }
  }
  const params = Object.fromEntries(
    Object.entries(record.params).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  return { params, code, inputs, outputs, metrics, environment };
}

async function fingerprintOf(
  store: ArtifactStore,
  pipeline: string,
  unit: RunRecord["units"][number],
): Promise<Fingerprint | undefined> {
  if (unit.fingerprint === undefined) return undefined;
  const key = `${await recordFolder(pipeline, unit)}${unit.fingerprint}.json`;
  return (await readStoredJson<StepRecord>(store, key))?.fingerprint;
}

function changes<T>(from: Record<string, T>, to: Record<string, T>): ValueChange<T>[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.filter((name) => from[name] !== to[name])
    .map((name) => ({ name, from: from[name], to: to[name] }));
}
