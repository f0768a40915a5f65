/** What explains the models that are served; made when it is first asked for. */

import { ModelError, WorkerPool } from "../../src/base/mod.ts";
import { type Explainer, openExplainer } from "../../src/onnx/explainer.ts";
import { Problem } from "../http/problem.ts";
import type { LoadedModel } from "./loaded_model.ts";

/** Models whose trees stay in memory; the one asked for longest ago goes first. */
const MOST = 4;

/** Gives the explainer of each model. One worker explains, so that predictions go on meanwhile. */
export class Explainers implements Disposable {
  readonly #pool = new WorkerPool(1);
  readonly #open = new Map<string, Promise<Explainer>>();

  /**
   * The explainer of a model.
   *
   * @throws {Problem} 409 where the model is none that can be explained.
   */
  async of(model: LoadedModel): Promise<Explainer> {
    const key = model.metadata.model_digest;
    const explainer = this.#open.get(key) ?? this.#read(model);
    this.#open.delete(key);
    this.#open.set(key, explainer);
    if (this.#open.size > MOST) this.#open.delete(this.#open.keys().next().value!);
    try {
      return await explainer;
    } catch (error) {
      // The next request tries again.
      this.#open.delete(key);
      if (error instanceof ModelError) throw new Problem(409, error.message, { cause: error });
      throw error;
    }
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#pool.close();
  }

  async #read(model: LoadedModel): Promise<Explainer> {
    const classes = model.metadata.class_labels;
    return await openExplainer(await model.readOnnx(), { classes, pool: this.#pool });
  }
}
