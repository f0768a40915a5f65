/**
 * A server first, a folder when the server is lost: nothing of a run is lost.
 *
 * Each run on the server keeps a journal of what was logged to it, in memory.
 * When the server cannot be reached or refuses us (after the client's retries),
 * the journal is written out as a run in the folder, the work goes on there, and
 * every other open run follows with its next call. `sendRuns` sends such runs
 * later; they remember the server's run they began as, so it is continued, not
 * doubled. While the server works nothing is written twice, and a run that ended
 * well drops its journal.
 *
 * A server that refuses one name, key or value is not lost: that call fails, the
 * run stays.
 *
 * The server is not tried again within one tracker: a run that moves once is
 * easy to follow, one that moves back and forth is not.
 */

import { DataError, ServiceError, UsageError } from "../base/mod.ts";
import type {
  Content,
  Experiment,
  ExperimentChoice,
  LoggedModel,
  TrackedDataset,
  TrackedModel,
  TrackedRunStatus,
  TrackerLocation,
} from "./contract.ts";
import { ResponseError } from "./http_errors.ts";
import { keptTags } from "./kept.ts";
import type { NewRun, Store, StoredPoint, StoredRun, TextValues } from "./store.ts";

/** Name of the folder's experiment for one of which only the id on the lost server is known. */
export function standInName(id: string): string {
  return `Server experiment ${id}`;
}

type Operation<T> = (store: Store, run: StoredRun) => Promise<T>;

/** A run that is on the server as long as that answers, then in the folder. */
class FailoverRun implements StoredRun {
  readonly parent?: FailoverRun;
  readonly begin: Omit<NewRun, "parent">;
  readonly chosen: Experiment;
  /** What was logged so far, to be written again elsewhere. */
  readonly journal: Operation<unknown>[] = [];
  remote?: StoredRun;
  local?: StoredRun;
  /** The last call: calls wait for each other, so the journal is in order. */
  tail: Promise<unknown> = Promise.resolve();

  constructor(chosen: Experiment, { parent, ...begin }: NewRun) {
    this.chosen = chosen;
    this.begin = begin;
    if (parent instanceof FailoverRun) this.parent = parent;
  }

  get #place(): StoredRun {
    const place = this.local ?? this.remote;
    if (place === undefined) throw new Error("The run was not created");
    return place;
  }

  get id(): string {
    return this.#place.id;
  }

  get experiment(): Experiment {
    return this.#place.experiment;
  }

  get location(): TrackerLocation {
    return this.#place.location;
  }
}

/** What a {@linkcode FailoverStore} is made of. */
export interface FailoverOptions {
  readonly server: Store;
  /** The server's address, by which kept runs remember where they belong. */
  readonly serverUrl: string;
  readonly folder: Store;
  /** Hears, once, that the server is lost and where the runs are kept. */
  readonly onWarning: (message: string) => void;
}

/** A store that moves from the server to the folder when the server is lost. */
export class FailoverStore implements Store<FailoverRun> {
  #lost = false;
  /** Names of the experiments handed out, by the ids they were handed out with. */
  readonly #namesById = new Map<string, string>();
  /** What was asked for, by id, if the folder's experiment has a made-up name. */
  readonly #choices = new Map<string, ExperimentChoice>();

  /** Takes both stores. */
  constructor(private readonly options: FailoverOptions) {}

  /** The server, or the folder once the server is lost. */
  get location(): TrackerLocation {
    return this.#lost ? this.options.folder.location : this.options.server.location;
  }

  /** Gives the server up, telling why. */
  giveUp(reason: ServiceError): void {
    if (this.#lost) return;
    this.#lost = true;
    const { folder, onWarning } = this.options;
    const place = folder.location.kind === "folder" ? folder.location.path : "";
    const next = reason.next === undefined ? "" : ` (${reason.next})`;
    onWarning(`${reason.message}${next}; the runs are kept in ${place} and can be sent later`);
  }

  /** Finds or creates an experiment; see {@linkcode Store}. */
  async experiment(choice: ExperimentChoice): Promise<Experiment> {
    const experiment = await this.#try(
      () => this.options.server.experiment(choice),
      () => this.#standIn(choice),
    );
    if (typeof choice === "string") this.#namesById.set(experiment.id, experiment.name);
    return experiment;
  }

  /** Starts a run; see {@linkcode Store}. */
  async createRun(experiment: Experiment, options: NewRun): Promise<FailoverRun> {
    const run = new FailoverRun(experiment, options);
    await this.#try(
      async () => {
        const parent = run.parent?.remote;
        run.remote = await this.options.server.createRun(experiment, { ...run.begin, parent });
      },
      () => this.#move(run),
    );
    return run;
  }

  /** Logs parameters; see {@linkcode Store}. */
  async writeParams(run: FailoverRun, params: TextValues): Promise<void> {
    await this.#apply(run, (store, target) => store.writeParams(target, params));
  }

  /** Logs points; see {@linkcode Store}. */
  async writeMetrics(run: FailoverRun, points: readonly StoredPoint[]): Promise<void> {
    await this.#apply(run, (store, target) => store.writeMetrics(target, points));
  }

  /** Sets tags; see {@linkcode Store}. */
  async writeTags(run: FailoverRun, tags: TextValues): Promise<void> {
    await this.#apply(run, (store, target) => store.writeTags(target, tags));
  }

  /** Links a data set; see {@linkcode Store}. */
  async writeDataset(run: FailoverRun, dataset: TrackedDataset): Promise<void> {
    await this.#apply(run, (store, target) => store.writeDataset(target, dataset));
  }

  /** Stores a file; see {@linkcode Store}. */
  async writeArtifact(run: FailoverRun, path: string, content: Content): Promise<void> {
    await this.#apply(run, (store, target) => store.writeArtifact(target, path, content));
  }

  /** Stores a model; see {@linkcode Store}. */
  async writeModel(
    run: FailoverRun,
    model: TrackedModel,
    params: TextValues,
  ): Promise<LoggedModel> {
    return await this.#apply(run, (store, target) => store.writeModel(target, model, params));
  }

  /** Ends the run; see {@linkcode Store}. */
  async endRun(run: FailoverRun, status: TrackedRunStatus, endTime: number): Promise<void> {
    const end: Operation<void> = (store, target) => store.endRun(target, status, endTime);
    await this.#apply(run, end);
    run.journal.splice(0, run.journal.length, end);
  }

  /** The folder's experiment that stands in for one on the lost server. */
  async #standIn(choice: ExperimentChoice): Promise<Experiment> {
    if (typeof choice === "string") return await this.options.folder.experiment(choice);
    const name = this.#namesById.get(choice.id) ?? standInName(choice.id);
    const local = await this.options.folder.experiment(name);
    if (!this.#namesById.has(choice.id)) this.#choices.set(name, choice);
    return local;
  }

  /** Applies an operation where the run is now, moving the run first if it must. */
  async #apply<T>(run: FailoverRun, operation: Operation<T>): Promise<T> {
    const turn = run.tail.then(async () => {
      const result = await this.#try(
        async () => {
          const { remote, local } = run;
          if (remote === undefined || local !== undefined) return undefined;
          return { value: await operation(this.options.server, remote) };
        },
        () => Promise.resolve(undefined),
      );
      if (result !== undefined) {
        run.journal.push(operation);
        return result.value;
      }
      await this.#move(run);
      return await operation(this.options.folder, run.local!);
    });
    run.tail = turn.catch(() => {}); // Told to this call's caller; the next call has its own turn.
    return await turn;
  }

  async #try<T>(onServer: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    if (this.#lost) return await otherwise();
    try {
      return await onServer();
    } catch (error) {
      // What this call sent is at fault, and would be anywhere: the server is not lost.
      if (error instanceof ResponseError && error.refusesContent) {
        throw new UsageError(error.message, { cause: error, next: error.next });
      }
      if (!(error instanceof ServiceError)) throw error;
      this.giveUp(error);
      return await otherwise();
    }
  }

  /** Writes a run's journal out to the folder, its parent's first. */
  async #move(run: FailoverRun): Promise<void> {
    if (run.local !== undefined) return;
    if (run.parent !== undefined) await this.#moveInTurn(run.parent);
    const { folder, serverUrl, onWarning } = this.options;
    const { chosen, begin, remote } = run;
    const tags = keptTags({
      server: serverUrl,
      experiment: this.#choices.get(chosen.name) ?? chosen.name,
      runId: remote?.id,
    });
    const experiment = await folder.experiment(chosen.name);
    const local = await folder.createRun(experiment, {
      ...begin,
      tags: { ...begin.tags, ...tags },
      parent: run.parent?.local,
    });
    for (const operation of run.journal) {
      try {
        await operation(folder, local);
      } catch (error) {
        // A file that was logged by its path may be gone by now, or have a name that no file
        // system takes: that must not cost the rest.
        if (!(error instanceof DataError || error instanceof UsageError)) throw error;
        onWarning(`Run ${begin.name} is kept without one of its files: ${error.message}`);
      }
    }
    run.local = local;
    run.journal.length = 0;
  }

  async #moveInTurn(run: FailoverRun): Promise<void> {
    const turn = run.tail.then(() => this.#move(run));
    run.tail = turn.catch(() => {});
    await turn;
  }
}
