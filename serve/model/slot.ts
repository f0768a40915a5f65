/** A place for one model, which changes without a request noticing. */

import { ServiceError, UserError } from "../../src/base/mod.ts";
import type { Observer, Role } from "../contract.ts";
import { LoadedModel } from "./loaded_model.ts";
import type { ModelOptions } from "./running_model.ts";
import type { AvailableModel, Source } from "./source.ts";

/** Why the last attempt to load failed. */
export interface LoadFailure {
  /** What should have been loaded. */
  readonly reference: string;
  /** What happened, and what to do about it. */
  readonly reason: string;
  /** When, ISO 8601. */
  readonly time: string;
}

/** The same place in other threads that predict; a change has happened once all of them have it. */
export interface Replicas {
  /**
   * Makes the model ready there.
   *
   * @throws {ModelError} if it does not run there.
   */
  copy(model: LoadedModel): Promise<void>;
  /** Lets a model answer whose copy is ready. */
  assign(reference: string, model: LoadedModel): Promise<void>;
  /** Lets none answer. */
  unassign(): Promise<void>;
  /** Frees the copies once their last predictions are done. */
  retire(model: LoadedModel): Promise<void>;
}

/** What a {@linkcode Slot} needs. */
export interface SlotOptions {
  /** The part its model plays. */
  readonly role: Role;
  /** What to serve, as `latest`. */
  readonly reference: string;
  /** Finds what a reference means. */
  readonly open: (reference: string) => Source;
  /** How models are run. */
  readonly model: ModelOptions;
  /** Hears of changes. */
  readonly observer: Observer;
  /** Undefined if this thread alone predicts. */
  readonly replicas?: Replicas;
  /** Whether its model waits until somebody asks for it. */
  readonly resting?: boolean;
}

/**
 * Follows a reference: whatever it means now is loaded, checked and warmed up
 * beside the model that answers, and takes its place in one assignment. The
 * model before it stays in memory, so that going back takes no time; the one
 * before that is freed once its last prediction is done.
 */
export class Slot {
  #current?: LoadedModel;
  #previous?: LoadedModel;
  #failure?: LoadFailure;
  /** Identity of a candidate that failed: it is not tried again until it changes. */
  #refused?: string;
  #reference: string;
  /** Whether somebody wants no model here until one is loaded. */
  #unloaded: boolean;
  /** Whether it is loaded again as soon as somebody asks for it. */
  #resting: boolean;
  /** Changes happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Takes the options; nothing is loaded yet. */
  constructor(private readonly options: SlotOptions) {
    this.#reference = options.reference;
    this.#unloaded = this.#resting = options.resting ?? false;
  }

  /** The part its model plays. */
  get role(): Role {
    return this.options.role;
  }

  /** What is served, as `latest`. */
  get reference(): string {
    return this.#reference;
  }

  /** Whether it waits for a model to be loaded. */
  get unloaded(): boolean {
    return this.#unloaded;
  }

  /** Whether its model is loaded as soon as somebody asks for it. */
  get resting(): boolean {
    return this.#resting;
  }

  /** Size of the files of its models. */
  get bytes(): number {
    return (this.#current?.bytes ?? 0) + (this.#previous?.bytes ?? 0);
  }

  /** The model that answers, undefined until one could be loaded. */
  get current(): LoadedModel | undefined {
    return this.#current;
  }

  /** The model before it. */
  get previous(): LoadedModel | undefined {
    return this.#previous;
  }

  /** Why the last attempt failed, undefined if it did not. */
  get failure(): LoadFailure | undefined {
    return this.#failure;
  }

  /** Loads what the reference means now if that has changed; a failure is told, not thrown. */
  async follow(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#unloaded) return;
      let candidate: AvailableModel | undefined;
      try {
        candidate = await this.options.open(this.#reference).find(this.#current?.metadata);
        if (candidate.identity === this.#refused) return;
        if (candidate.identity === this.#current?.identity) this.#failure = undefined;
        else await this.#take(candidate, this.#reference);
      } catch (error) {
        this.#tell(this.#reference, error, candidate?.identity);
      }
    });
  }

  /**
   * Serves another reference from now on, or the same one anew.
   *
   * @throws if it cannot be loaded; what answered goes on answering.
   */
  async load(reference = this.#reference): Promise<LoadedModel> {
    return await this.#inTurn(async () => {
      try {
        const kept = reference === this.#reference ? this.#current?.metadata : undefined;
        const candidate = await this.options.open(reference).find(kept);
        return await this.#take(candidate, reference);
      } catch (error) {
        this.#tell(reference, error);
        throw error;
      }
    });
  }

  /**
   * Lets no model answer until one is loaded again, by whoever asks for it if it is `resting`;
   * what is under way gets its answers.
   */
  async unload({ resting = false } = {}): Promise<void> {
    const { observer, replicas } = this.options;
    await this.#inTurn(async () => {
      const models = [this.#current, this.#previous];
      this.#current =
        this.#previous =
        this.#failure =
        this.#refused =
          undefined;
      this.#unloaded = true;
      this.#resting = resting;
      await replicas?.unassign();
      Promise.all(models.map((model) => this.#retire(model)))
        .catch((error) => observer.log("error", String(error)));
    });
  }

  /** Frees both models once their last predictions are done. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await Promise.all([this.#current, this.#previous].map((model) => this.#retire(model)));
      this.#current = this.#previous = undefined;
    });
  }

  async #take(candidate: AvailableModel, reference: string): Promise<LoadedModel> {
    const { role, observer, replicas } = this.options;
    const [before, beforeThat] = [this.#current, this.#previous];
    const back = beforeThat?.identity === candidate.identity;
    const model = back ? beforeThat : await this.#load(candidate);
    // The same model loaded anew leaves the way back as it is.
    const again = before?.identity === candidate.identity;
    this.#current = model;
    if (!again) this.#previous = before;
    this.#reference = reference;
    this.#unloaded = this.#resting = false;
    await replicas?.assign(reference, model);
    // Its last predictions may take a while; nobody needs to wait for its memory.
    if (!back) {
      this.#retire(again ? before : beforeThat)
        .catch((error) => observer.log("error", String(error)));
    }
    this.#failure = this.#refused = undefined;
    observer.modelLoaded(role, model);
    return model;
  }

  async #load(candidate: AvailableModel): Promise<LoadedModel> {
    const { model: options, replicas } = this.options;
    const model = await LoadedModel.load(candidate, options);
    try {
      await replicas?.copy(model);
    } catch (error) {
      await this.#retire(model);
      throw error;
    }
    return model;
  }

  async #retire(model: LoadedModel | undefined): Promise<void> {
    if (model === undefined) return;
    await Promise.all([model.retire(), this.options.replicas?.retire(model)]);
  }

  #tell(reference: string, error: unknown, identity?: string): void {
    const { message, next } = error instanceof UserError
      ? error
      : { message: error instanceof Error ? error.message : String(error) };
    const reason = next === undefined ? message : `${message}; ${next}`;
    const known = this.#failure?.reference === reference && this.#failure.reason === reason;
    // A registry that does not answer may do so soon; a broken model stays so until it changes.
    this.#refused = error instanceof ServiceError ? undefined : identity;
    this.#failure = { reference, reason, time: new Date().toISOString() };
    if (!known) this.options.observer.modelFailed(this.role, reference, reason);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
