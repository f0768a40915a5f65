/** Runs of a folder, looked for as a server would. */

import { readRuns, type RunInFolder } from "./file_reader.ts";
import {
  type FoundRun,
  type HistoryPoint,
  type RunQuery,
  type RunReader,
  unknownExperiment,
} from "./run_reader.ts";
import { parseFilter, parseOrder } from "./search_filter.ts";
import type { StoredPoint } from "./store.ts";

/** Reads a folder once. */
export class FolderReader implements RunReader {
  #records?: Promise<readonly RunInFolder[]>;

  /** Takes the folder. */
  constructor(readonly place: string) {}

  /** Names of experiments that have runs. */
  async experiments(): Promise<readonly string[]> {
    const names = (await this.#all()).map(({ experimentName }) => experimentName);
    return [...new Set(names)].sort();
  }

  /** Looks for runs; see {@linkcode RunReader.search}. */
  async search({ experiment, filter = "", order = "", max }: RunQuery): Promise<FoundRun[]> {
    const [matches, compare] = [parseFilter(filter), parseOrder(order)];
    const records = await this.#all();
    if (experiment !== undefined) {
      const known = await this.experiments();
      if (!known.includes(experiment)) throw unknownExperiment(experiment, known, this.place);
    }
    return records
      .filter(({ experimentName }) => experiment === undefined || experimentName === experiment)
      .map(foundRun).filter(matches).sort(compare).slice(0, max);
  }

  /** Values of a metric. */
  async history({ id }: FoundRun, metric: string): Promise<readonly HistoryPoint[]> {
    const record = (await this.#all()).find((one) => one.id === id);
    return (record?.points ?? []).filter(({ key }) => key === metric)
      .map(({ step, value }) => ({ step, value })).sort((a, b) => a.step - b.step);
  }

  #all(): Promise<readonly RunInFolder[]> {
    return this.#records ??= Array.fromAsync(readRuns(this.place));
  }
}

function foundRun(record: RunInFolder): FoundRun {
  const latest = new Map<string, StoredPoint>();
  for (const point of record.points) {
    const before = latest.get(point.key);
    if (before === undefined || isLater(point, before)) latest.set(point.key, point);
  }
  const { id, name, experimentName: experiment, status, startTime, endTime, params, tags } = record;
  return {
    ...{ id, name, experiment, status, startTime, params, tags },
    ...endTime !== undefined && { endTime },
    metrics: Object.fromEntries([...latest].map(([key, { value }]) => [key, value])),
  };
}

/** Greatest step, then time, then value, as MLflow has it. */
function isLater(a: StoredPoint, b: StoredPoint): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return a.value > b.value;
}
