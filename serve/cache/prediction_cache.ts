/** What models said of records, kept for requests that ask the same again. */

import type { Cancellation } from "../contract.ts";
import type { Cache } from "../http/cache.ts";
import type { Inference, Scores } from "../model/inference.ts";
import type { Count } from "../observe/labelled_counter.ts";
import { Flight } from "./flight.ts";
import { recordKey } from "./record_key.ts";

/** What a model says of a record. */
export type KeptScores = Pick<Scores, "code" | "scores">;

/** Where it is kept. */
export interface PredictionStore {
  /** What is kept, undefined if nothing is or it cannot be had now. */
  get(key: string): KeptScores | undefined | Promise<KeptScores | undefined>;
  /** Keeps it as well as it can. */
  set(key: string, said: KeptScores): void;
  /** Forgets everything and tells how much that was. */
  clear(): number | Promise<number>;
}

/** How often a model was spared, and how often not. */
export interface CacheCounts {
  readonly hits: Count;
  readonly misses: Count;
}

/** A model, as its predictions are told from those of others. */
export interface CachedModel {
  readonly name: string;
  readonly version: string;
  readonly runtime: "trees" | "tag chain" | "ONNX Runtime";
  readonly metadata: { readonly model_digest: string };
}

/** How predictions are kept. */
export interface PredictionCacheOptions {
  readonly store: PredictionStore;
  /** Whether predictions of a model are kept. */
  readonly keeps: (model: CachedModel) => boolean;
  /** Where it is counted. */
  readonly counts: (model: string) => CacheCounts;
}

/**
 * Predictions by the model's version, what the caller may do, and the record as the model reads
 * it. Only what a model said is kept, never an answer with its id, a warning or an error. Requests
 * that ask the same at once share one inference.
 */
export class PredictionCache implements Cache {
  readonly name = "predictions";
  readonly #flights = new Map<string, Flight<KeptScores>>();
  /** Counts how often all was forgotten: what was begun before is not kept. */
  #generation = 0;

  /** Takes where predictions are kept, and of which models. */
  constructor(private readonly options: PredictionCacheOptions) {}

  /** The inference of a model behind what it said before; undefined if that is not kept. */
  around(inference: Inference, model: CachedModel): Inference | undefined {
    if (!this.options.keeps(model)) return undefined;
    const { name, version, runtime, metadata: { model_digest } } = model;
    // Runtimes agree within 1e-5, so each has its own.
    const id = [name, version, model_digest, runtime].join("\n");
    return new CachedInference(inference, id, this, this.options.counts(name));
  }

  /** What is kept under a key. */
  find(key: string): KeptScores | undefined | Promise<KeptScores | undefined> {
    return this.options.store.get(key);
  }

  /** The work under way for a key; else begins it, and keeps what comes of it. */
  share(
    key: string,
    work: (cancellation: Cancellation) => Promise<KeptScores>,
  ): { readonly flight: Flight<KeptScores>; readonly joined: boolean } {
    const known = this.#flights.get(key);
    if (known !== undefined) return { flight: known, joined: true };
    const generation = this.#generation;
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    const flight = new Flight(async (cancellation) => {
      await undefined; // `flight` is there before it ends.
      try {
        const { code, scores } = await work(cancellation);
        if (generation === this.#generation) this.options.store.set(key, { code, scores });
        return { code, scores };
      } finally {
        land();
      }
    }, land);
    this.#flights.set(key, flight);
    return { flight, joined: false };
  }

  /** Forgets everything; what is under way is answered, not kept. */
  async clear(): Promise<number> {
    this.#generation++;
    this.#flights.clear();
    return await this.options.store.clear();
  }
}

/** A model's inference behind what it said before. */
class CachedInference implements Inference {
  constructor(
    private readonly inner: Inference,
    private readonly id: string,
    private readonly cache: PredictionCache,
    private readonly counts: CacheCounts,
  ) {}

  get waiting(): number {
    return this.inner.waiting;
  }

  predict(
    values: readonly (number | string)[],
    asked?: Cancellation,
  ): Scores | Promise<Scores> {
    // A shadow's work is what is measured.
    if (asked === undefined) return this.inner.predict(values);
    const startedAt = performance.now();
    const key = `${asked.caller?.rights ?? ""}\n${this.id}\n${recordKey(values)}`;
    const found = this.cache.find(key);
    if (found === undefined) return this.#infer(key, values, asked, startedAt);
    if (!(found instanceof Promise)) return this.#hit(found, startedAt);
    return found.then((said) =>
      said === undefined ? this.#infer(key, values, asked, startedAt) : this.#hit(said, startedAt)
    );
  }

  #hit(said: KeptScores, startedAt: number): Scores {
    this.counts.hits.value++;
    return { ...said, startedAt, endedAt: performance.now() };
  }

  async #infer(
    key: string,
    values: readonly (number | string)[],
    asked: Cancellation,
    startedAt: number,
  ): Promise<Scores> {
    const { flight, joined } = this.cache.share(
      key,
      async (cancellation) => await this.inner.predict(values, cancellation),
    );
    this.counts[joined ? "hits" : "misses"].value++;
    return { ...await flight.join(asked), startedAt, endedAt: performance.now() };
  }
}
