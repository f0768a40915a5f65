/** Models that are in memory only while they are asked for. */

import { ModelError, UserError } from "../../src/base/mod.ts";
import type { Observer } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import type { Slot } from "./slot.ts";
import type { Slots } from "./slots.ts";

/** Seconds until a model that could not be loaded is tried again. */
const RETRY_SECONDS = 5;

/** What {@linkcode LazyModels} need. */
export interface LazyModelsOptions {
  readonly slots: Slots;
  /** Names of models that may be loaded though the settings do not name them. */
  readonly names: () => Promise<readonly string[]>;
  /** Bytes that the files of all models may have that are not pinned. */
  readonly bytes: number;
  /** When the model of a place was last asked for in other threads, milliseconds since 1970. */
  readonly usedAt: (place: number) => Promise<number>;
  readonly observer: Pick<Observer, "log">;
}

/**
 * Loads models when they are first asked for, one after the other, and unloads those that were not
 * asked for the longest where there is no room. What is under way gets its answers.
 */
export class LazyModels {
  readonly #loading = new Map<string, Promise<void>>();
  /** Models that could not be loaded, which are not tried again at once. */
  readonly #failed = new Map<string, { readonly until: number; readonly problem: Problem }>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Takes the slots and the bound. */
  constructor(private readonly options: LazyModelsOptions) {}

  /**
   * Loads a model if it may be loaded and is not there; another name does nothing.
   *
   * @throws {Problem} 503 if it cannot be loaded.
   */
  ensure(name: string): Promise<void> {
    const failed = this.#failed.get(name);
    if (failed !== undefined && performance.now() < failed.until) {
      return Promise.reject(failed.problem);
    }
    const under = this.#loading.get(name);
    if (under !== undefined) return under;
    const loading = this.#turn.then(() => this.#load(name));
    this.#turn = loading.catch(() => {});
    this.#loading.set(name, loading);
    const done = () => void this.#loading.delete(name);
    loading.then(done, done);
    return loading;
  }

  async #load(name: string): Promise<void> {
    const { slots, names, bytes } = this.options;
    const known = slots.find(name);
    if (known?.current !== undefined || known?.resting === false) return;
    if (known === undefined) {
      if (slots.others === undefined || !(await names()).includes(name)) return;
    }
    // A place of another model that nobody asks for will do; places are few, names many.
    const slot = known ?? this.#free() ?? slots.add(name);
    const beside = slots.termsOf(slot).rollout?.place;
    try {
      await slot.load(known === undefined ? name : slot.reference);
      if (slot.bytes > bytes) {
        const megabytes = Math.ceil(slot.bytes / 2 ** 20);
        throw new ModelError(`its file has ${megabytes} MiB, more than there is room for`, {
          next: "give --model-memory-megabytes more, or name it in --extra-models",
        });
      }
    } catch (error) {
      await slot.unload({ resting: true });
      const problem = refusal(name, error);
      this.#failed.set(name, { until: performance.now() + RETRY_SECONDS * 1000, problem });
      throw problem;
    }
    this.#failed.delete(name);
    // Its challenger's failure is the operator's alone; `/health` tells it.
    await beside?.load(beside.reference).catch(() => {});
    slots.termsOf(slot).usedAt = Date.now();
    await this.#makeRoom(slot);
  }

  /** Makes room where models have grown, as a newer version may. */
  async tidy(): Promise<void> {
    const turn = this.#turn.then(() => this.#makeRoom());
    this.#turn = turn;
    await turn;
  }

  /** A place that was made for a name that is not in memory now. */
  #free(): Slot | undefined {
    const { slots } = this.options;
    return slots.all.slice(slots.configured).find(({ resting }) => resting);
  }

  async #makeRoom(kept?: Slot): Promise<void> {
    const { slots, bytes, usedAt, observer } = this.options;
    const loaded = slots.all.flatMap((slot, place) => {
      const terms = slots.termsOf(slot);
      if (terms.settings?.pinned !== false || slot.current === undefined) return [];
      return [{ slot, place, terms }];
    });
    const size = ({ slot, terms }: typeof loaded[number]) =>
      slot.bytes + (terms.rollout?.place.bytes ?? 0);
    let total = loaded.reduce((sum, one) => sum + size(one), 0);
    if (total <= bytes) return;
    const used = await Promise.all(
      loaded.map(async ({ terms, place }) => Math.max(terms.usedAt, await usedAt(place))),
    );
    const order = loaded.map((_, at) => at).sort((a, b) => used[a] - used[b]);
    for (const at of order) {
      const one = loaded[at];
      if (total <= bytes) return;
      if (one.slot === kept) continue;
      total -= size(one);
      const { name } = one.slot.current!;
      await one.slot.unload({ resting: true });
      await one.terms.rollout?.place.unload({ resting: true });
      observer.log("info", "model unloaded to make room", { model: name });
    }
  }
}

function refusal(name: string, error: unknown): Problem {
  if (!(error instanceof UserError)) throw error;
  const next = error.next === undefined ? "" : `; ${error.next}`;
  return new Problem(503, `Cannot load "${name}": ${error.message}${next}`, {
    headers: { "Retry-After": String(RETRY_SECONDS) },
  });
}
