/** What explains the models that are served; made when it is first asked for. */

import { ModelError, UserError, WorkerPool } from "../../src/base/mod.ts";
import {
  type Explainer,
  openExplainer,
  type RowExplanation,
  type ScoreSpace,
} from "../../src/onnx_runtime/mod.ts";
import { fileKindOf } from "../../src/registry/mod.ts";
import type { Cache } from "../http/cache.ts";
import { Problem } from "../http/problem.ts";
import { answersOf } from "../predict/answers/tasks.ts";
import type { LoadedModel } from "./loaded_model.ts";
import type { ParsedRecord } from "./record_parser.ts";

/** Models whose trees stay in memory; the one asked for longest ago goes first. */
const MOST = 4;

/** Explanations at once: a big forest takes a quarter of a second for each. */
const MOST_WAITING = 16;

/** What explaining takes of a model. */
export type ExplainedModel = Pick<LoadedModel, "metadata" | "readFile">;

/** Why a record is predicted as it is, and what the values add up to. */
export type Explained = RowExplanation & { readonly space: ScoreSpace };

/** Explains records. One worker does it, so that predictions go on meanwhile. */
export class Explainers implements Cache, Disposable {
  readonly name = "explainers";
  readonly #pool = new WorkerPool(1);
  readonly #open = new Map<string, Promise<Explainer>>();
  #waiting = 0;

  /**
   * Explains records that the model parsed.
   *
   * @param signal Gives up.
   * @throws {Problem} 409 if the model is none that can be explained, 429
   * where too many wait.
   */
  async explain(
    model: ExplainedModel,
    records: readonly ParsedRecord[],
    signal: AbortSignal,
  ): Promise<Explained[]> {
    if (this.#waiting >= MOST_WAITING) {
      throw new Problem(429, `Cannot explain: ${this.#waiting} explanations are under way`, {
        headers: { "Retry-After": "1" },
      });
    }
    this.#waiting++;
    try {
      const explainer = await this.#of(model);
      const columns = Object.fromEntries(
        explainer.columns.map((
          name,
          at,
        ) => [name, records.map(({ values }) => values[at]) as number[] | string[]]),
      );
      const explained = await explainer.explain(columns, signal);
      return explained.map((one) => ({ ...one, space: explainer.space }));
    } finally {
      this.#waiting--;
    }
  }

  async #of(model: ExplainedModel): Promise<Explainer> {
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
      if (error instanceof UserError) throw new Problem(409, error.message, { cause: error });
      throw error;
    }
  }

  /** Forgets the models, which are read again when they are asked for. */
  clear(): number {
    const { size } = this.#open;
    this.#open.clear();
    return size;
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#pool.close();
  }

  async #read(model: ExplainedModel): Promise<Explainer> {
    const { metadata } = model;
    if (fileKindOf(metadata) !== "onnx") {
      throw new ModelError(
        `Cannot explain ${metadata.model_name}: its file is no ONNX; its answers tell what they ` +
          "are made of, as components",
      );
    }
    const classes = answersOf(metadata.task).explained(metadata);
    return await openExplainer(await model.readFile(), { classes, pool: this.#pool });
  }
}
