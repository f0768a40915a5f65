/** Long loops that can be watched and stopped. */

import { ambientSignal } from "./ambient_signal.ts";
import { nodeModule } from "./node_module.ts";

/** How often a loop lets events in, in milliseconds. */
const breathEvery = 50;

/**
 * Keeps a long loop polite: tells how much is done, stops when asked, and now
 * and then lets the event loop run, without which no signal and no drawing
 * would get through.
 */
export class YieldingLoop {
  readonly #signal?: AbortSignal;
  readonly #onProgress?: (done: number) => void;
  #breathed = performance.now();

  /** Takes the signal to obey and the listener to tell. */
  constructor(options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number) => void;
  } = {}) {
    this.#signal = options.signal ?? ambientSignal();
    this.#onProgress = options.onProgress;
    this.#signal?.throwIfAborted();
  }

  /**
   * Marks a step: `done` is the share of the work in [0, 1].
   *
   * @throws the signal's reason when it has been aborted.
   */
  async step(done: number): Promise<void> {
    this.#onProgress?.(done);
    const now = performance.now();
    if (now - this.#breathed > breathEvery) {
      const { setImmediate } = nodeModule("node:timers");
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#breathed = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
