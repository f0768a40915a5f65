/** A store that keeps what it is told in memory, and is lost when a test says so. */

import type { Content, Experiment, ExperimentChoice } from "../../src/tracking/contract.ts";
import type { TrackerLocation } from "../../src/tracking/contract.ts";
import type { NewRun, Store, StoredRun } from "../../src/tracking/store.ts";

/** A run with all that it was told, in order. */
export interface RecordedRun extends StoredRun {
  readonly begun: NewRun;
  readonly told: unknown[];
}

/** The store; `before` hears each call and may fail or delay it. */
export class RecordingStore implements Store<RecordedRun> {
  readonly runs: RecordedRun[] = [];
  /** Names of the experiments by id, from "1" on. */
  readonly experiments: string[] = [];
  before: (call: string) => void | Promise<void> = () => {};

  constructor(readonly location: TrackerLocation) {}

  async experiment(choice: ExperimentChoice): Promise<Experiment> {
    await this.before("experiment");
    const name = typeof choice === "string" ? choice : `the experiment ${choice.id}`;
    if (!this.experiments.includes(name)) this.experiments.push(name);
    const id = typeof choice === "string"
      ? `${this.location.kind}-${1 + this.experiments.indexOf(name)}`
      : choice.id;
    return { id, name, artifactLocation: `${this.location.kind}:/${id}` };
  }

  async createRun(experiment: Experiment, begun: NewRun): Promise<RecordedRun> {
    await this.before("createRun");
    const id = `${this.location.kind}-run-${1 + this.runs.length}`;
    const run = { id, experiment, location: this.location, begun, told: [] };
    this.runs.push(run);
    return run;
  }

  writeParams = this.#tells("params");
  writeMetrics = this.#tells("metrics");
  writeTags = this.#tells("tags");
  writeDataset = this.#tells("dataset");

  writeArtifact(run: RecordedRun, path: string, content: Content): Promise<void> {
    return this.#tells("artifact")(run, { path, content });
  }

  async writeModel(run: RecordedRun, model: unknown, params: unknown) {
    await this.#tells("model")(run, { model, params });
    return { uri: `${run.id}/model` };
  }

  endRun(run: RecordedRun, status: string, endTime: number): Promise<void> {
    return this.#tells("end")(run, { status, endTime });
  }

  #tells(what: string) {
    return async (run: RecordedRun, value: unknown): Promise<void> => {
      await this.before(what);
      run.told.push({ [what]: value });
    };
  }
}
