/** Kept predictions of an inference that ends when it is told to. */

import { PredictionCache, type PredictionStore } from "../../serve/cache/prediction_cache.ts";
import { memoryStore } from "../../serve/cache/stores.ts";
import type { Cancellation } from "../../serve/contract.ts";
import { Ticket } from "../../serve/http/deadlines.ts";
import type { Inference, Scores } from "../../serve/model/inference.ts";

/** A request that may be called off. */
export const request = (rights?: "predict" | "admin") =>
  new Ticket(0, rights && { address: "127.0.0.1", rights });

/** An inference that ends when it is told to. */
export class Slow implements Inference {
  readonly waiting = 0;
  readonly asked: {
    readonly values: readonly (number | string)[];
    readonly answer: (scores: readonly number[]) => void;
    readonly fail: (reason: unknown) => void;
    cancelled?: unknown;
  }[] = [];
  predict(values: readonly (number | string)[], cancellation?: Cancellation): Promise<Scores> {
    return new Promise((resolve, reject) => {
      const one: Slow["asked"][number] = {
        values,
        answer: (scores) => resolve({ code: 0, scores, startedAt: 0, endedAt: 1 }),
        fail: reject,
      };
      cancellation?.onCancel((reason) => {
        one.cancelled = reason;
        reject(reason);
      });
      this.asked.push(one);
    });
  }
}

/** What is served. */
export const model = {
  name: "m",
  version: "1",
  runtime: "ONNX Runtime" as const,
  metadata: { model_digest: "00" },
};

/** A cache around an inference, and what it counts. */
export function cached(store: PredictionStore = memoryStore({ bytes: 1 << 20, ttlMs: 1000 })) {
  const counts = { hits: { value: 0 }, misses: { value: 0 } };
  const cache = new PredictionCache({ store, keeps: () => true, counts: () => counts });
  const slow = new Slow();
  const of = (version = "1") => cache.around(slow, { ...model, version })!;
  return { cache, counts, slow, of };
}

/** Lets what waits go on. */
export const turn = () => new Promise((done) => setTimeout(done));
