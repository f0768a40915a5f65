/** A model that was found somewhere, loaded, checked and warmed up. */

import { ModelError } from "../../src/base/mod.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { ModelRuntime } from "./model_runtime.ts";
import { openRun } from "./open_run.ts";
import { type ModelCopy, type ModelOptions, RunningModel } from "./running_model.ts";
import type { AvailableModel } from "./source.ts";

/** A loaded model. */
export class LoadedModel extends RunningModel {
  /** When it was ready to answer. */
  readonly loadedAt: Date = new Date();
  /** Keeps others from removing its files. */
  readonly #use: Disposable | undefined;

  private constructor(
    private readonly candidate: AvailableModel,
    metadata: ModelMetadata,
    run: ModelRuntime,
    options: ModelOptions,
    /** Size of its file. */
    readonly bytes: number,
  ) {
    super(candidate.source, metadata, run, options);
    this.#use = candidate.hold?.();
  }

  /** Frees it once the last prediction is done. */
  override async retire(): Promise<void> {
    await super.retire();
    this.#use?.[Symbol.dispose]();
  }

  /**
   * Loads a model; see {@linkcode openRun}.
   *
   * @throws {ModelError} if it cannot be read or run.
   */
  static async load(candidate: AvailableModel, options: ModelOptions): Promise<LoadedModel> {
    const { metadata, file } = await candidate.read();
    const run = await openRun(candidate.source, file, metadata, options);
    try {
      return new LoadedModel(candidate, metadata, run, options, file.length);
    } catch (error) {
      await run.close();
      throw error;
    }
  }

  /** Tells it from other models behind the same reference. */
  get identity(): string {
    return this.candidate.identity;
  }

  /**
   * Reads its file again, checked against its digest.
   *
   * @throws {ModelError} if it is gone, or another one is there.
   */
  async readFile(): Promise<Uint8Array> {
    try {
      return (await this.candidate.read()).file;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new ModelError(
        `Cannot read the file of ${this.name} ${this.version}: it is gone; its predictions go on`,
        { cause, next: "put the file back, or load another version" },
      );
    }
  }

  /** What another thread needs to run it. */
  async copy(): Promise<ModelCopy> {
    const { source, metadata, run: { columns, parts } } = this;
    const content = parts === undefined ? { file: await this.readFile() } : { columns, parts };
    return { source, metadata, content };
  }
}
