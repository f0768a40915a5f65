/** Inference of spans: here for most texts, in a thread of its own for long ones. */

import { spanModel, type SpanModelParts } from "../../src/onnx_runtime/mod.ts";
import type { Cancellation } from "../contract.ts";
import type { Inference, Scores } from "./inference.ts";
import { spansTask, takeThread } from "./model_thread.ts";
import { RowInference } from "./row_inference.ts";

/** Characters of a text that is read where the request is: some 2 ms, as long as others wait. */
const SHORT = 1000;

/** Number of the next model. */
let next = 0;

/** Finds spans; a thread is taken with the first long text. */
export class SpanInference implements Inference {
  waiting = 0;
  readonly #of = next++;
  readonly #here: RowInference;
  #thread?: ReturnType<typeof takeThread>;

  /** Takes the model, and who hears how many records an inference took. */
  constructor(
    private readonly parts: SpanModelParts,
    private readonly onBatch: (rows: number) => void,
  ) {
    this.#here = new RowInference(spanModel(parts), onBatch);
  }

  predict(
    values: readonly (number | string)[],
    cancellation?: Cancellation,
  ): Scores | Promise<Scores> {
    const text = String(values[0]);
    return text.length > SHORT ? this.#elsewhere(text, cancellation) : this.#here.predict(values);
  }

  /** Leaves the thread. */
  close(): Promise<void> {
    this.#thread?.leave();
    return Promise.resolve();
  }

  async #elsewhere(text: string, cancellation?: Cancellation): Promise<Scores> {
    const { pool } = this.#thread ??= takeThread();
    const { parts } = this;
    const controller = new AbortController();
    cancellation?.onCancel((reason) => controller.abort(reason));
    this.waiting++;
    try {
      const startedAt = performance.now();
      const { signal } = controller;
      const said = await pool.run(spansTask, { of: this.#of, parts, text }, { signal });
      this.onBatch(1);
      return { code: 0, scores: [...said], startedAt, endedAt: performance.now() };
    } finally {
      this.waiting--;
    }
  }
}
