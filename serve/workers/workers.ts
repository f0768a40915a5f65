/** All threads that predict, as the main thread sees them. */

import { proxy, type Remote, wrap } from "comlink";
import type { Hono } from "hono";
import { ModelError } from "../../src/base/mod.ts";
import type { Cache } from "../http/cache.ts";
import type { ChangingSecrets } from "../config/follow_secrets.ts";
import type { AppEnv } from "../http/admission.ts";
import { type Certificate, freeAddress } from "../http/listener.ts";
import type { LoadedModel } from "../model/loaded_model.ts";
import type { Replicas } from "../model/slot.ts";
import { Problem } from "../http/problem.ts";
import { answerBy } from "./forward.ts";
import type { LoadNamed, ServingWorker, Setup } from "./serving_worker.ts";

/** Threads that predict, each a {@linkcode ServingWorker}. An error that one does not catch ends the process. */
export class Workers implements Disposable {
  /** The number by which the workers know a model. */
  readonly #ids = new WeakMap<LoadedModel, number>();
  #models = 0;

  private constructor(
    private readonly threads: readonly Worker[],
    /** What each of them can be asked. */
    readonly all: readonly Remote<ServingWorker>[],
  ) {}

  /** Starts so many; they do not listen yet. */
  static async start(setup: Setup): Promise<Workers> {
    const threads = Array.from(
      { length: setup.config.workers },
      () => new Worker(new URL("./serving_worker.ts", import.meta.url), { type: "module" }),
    );
    const all = threads.map((thread) => new (wrap<typeof ServingWorker>(thread))(setup));
    return new Workers(threads, await Promise.all(all));
  }

  /** The place of that number in all of them. */
  replicas(place: number): Replicas {
    return {
      copy: (model) => this.#copy(model),
      assign: async (reference, model) => {
        const id = this.#ids.get(model)!;
        await this.#each((worker) => worker.assign(place, reference, id));
      },
      unassign: () => this.#each((worker) => worker.unassign(place)),
      retire: async (model) => {
        const id = this.#ids.get(model)!;
        await this.#each((worker) => worker.retire(id));
      },
    };
  }

  /** What models said, as each of them keeps it. */
  get predictionCache(): Cache {
    return {
      name: "predictions",
      clear: async () => {
        const counts = await Promise.all(this.all.map((worker) => worker.clearPredictions()));
        return counts.reduce((sum, count) => sum + count, 0);
      },
    };
  }

  /**
   * Lets all listen on one address; `app` answers what is no prediction.
   *
   * @throws {Error} if the address is taken.
   */
  async listen(
    hostname: string,
    port: number,
    certificate: Certificate | undefined,
    app: Hono<AppEnv>,
    load: (name: string) => Promise<void>,
  ): Promise<Deno.NetAddr> {
    const addr = freeAddress(hostname, port);
    const options = { hostname, port: addr.port, reusePort: true, certificate };
    const loadNamed: LoadNamed = async (name) => {
      try {
        await load(name);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return { status: error.status, detail: error.message };
      }
    };
    await this.#each((worker) => worker.listen(options, proxy(answerBy(app)), proxy(loadNamed)));
    return addr;
  }

  /** When one of them was last asked for the model of a place, milliseconds since 1970. */
  async usedAt(place: number): Promise<number> {
    return Math.max(...await Promise.all(this.all.map((worker) => worker.usedAt(place))));
  }

  /** Lets them show another certificate. */
  async useCertificate(certificate: Certificate): Promise<void> {
    await this.#each((worker) => worker.useCertificate(certificate));
  }

  /** Lets them use other secrets, as keys of callers. */
  async useSecrets(secrets: ChangingSecrets): Promise<void> {
    await this.#each((worker) => worker.useSecrets(secrets));
  }

  /** Lets them tell callers to look for another server. */
  async drain(): Promise<void> {
    await this.#each((worker) => worker.drain());
  }

  /** Lets them take no more requests; ends when all have their answers. */
  async shutdown(): Promise<void> {
    await this.#each((worker) => worker.stop());
  }

  /** Writes out what they have in memory. */
  async close(): Promise<void> {
    await this.#each((worker) => worker.close());
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    for (const thread of this.threads) thread.terminate();
  }

  async #copy(model: LoadedModel): Promise<void> {
    const id = this.#models++;
    this.#ids.set(model, id);
    const copy = await model.copy();
    const copied = await Promise.allSettled(this.all.map((worker) => worker.copy(id, copy)));
    const failed = copied.find(({ status }) => status === "rejected");
    if (failed === undefined) return;
    const { message } = (failed as PromiseRejectedResult).reason as Error;
    throw new ModelError(`Cannot run ${model.source} in every worker: ${message}`);
  }

  async #each(ask: (worker: Remote<ServingWorker>) => Promise<void>): Promise<void> {
    await Promise.all(this.all.map(ask));
  }
}
