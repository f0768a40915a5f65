/** A notebook as the work of a step. */

import { UserError, writeFileAtomic } from "../../base/mod.ts";
import type { StepContext } from "../define/step.ts";
import { type SavedFile, savedFile } from "../../artifact_store/mod.ts";
import type { JsonValue, NotebookDocument } from "../../notebook_files/mod.ts";

/** What an executor made of a notebook. */
export interface ExecutedNotebook {
  /** The notebook with its outputs, up to a cell that failed. */
  readonly notebook: NotebookDocument;
  /** The same as a page. */
  readonly html: string;
  /** The cell that failed, counted from 1, and its error. */
  readonly failure?: { readonly cell: number; readonly message: string };
}

/** Executes notebooks: a Jupyter kernel, or something that needs none. */
export interface NotebookExecutor {
  /**
   * Runs the code cells in their order in one session, in which a later cell may
   * declare a name again. A cell that fails ends it and is told in the result.
   *
   * @param notebook The notebook with its parameters set.
   * @param path Where it came from: what it imports is relative to this.
   */
  execute(
    notebook: NotebookDocument,
    path: string,
    context: Pick<StepContext, "signal" | "progress" | "log" | "warn">,
  ): Promise<ExecutedNotebook>;
}

/** Which notebook is run and how. */
export interface NotebookRun {
  /** Path of the notebook; declared with `file(…)`, so that an edit of it counts. */
  readonly notebook: string;
  /** Values for what its cell tagged `parameters` declares. */
  readonly params?: Readonly<Record<string, JsonValue>>;
  /** Path of the results without ending: `<to>.ipynb` and `<to>.html` are written. */
  readonly to: string;
  /** Executes it. */
  readonly executor: NotebookExecutor;
}

/** The files that a notebook step leaves. */
export interface NotebookOutput {
  /** The executed notebook. */
  readonly notebook: SavedFile;
  /** The same as a page. */
  readonly html: SavedFile;
}

/**
 * Runs a notebook with parameters; called by a step, whose output the results are.
 * They are kept like any output: the step is cached while the notebook's content, the
 * parameters that it mentions, its other inputs and the executor's code are as they were.
 *
 * @throws {UserError} if a cell fails: the notebook and its page are written up to
 * that cell; for parameters that the notebook does not declare.
 *
 * @example
 * ```ts
 * import { type NotebookExecutor, pipeline, runNotebook } from "../mod.ts";
 * import { z } from "zod";
 *
 * const executor: NotebookExecutor = {
 *   execute: (notebook) => Promise.resolve({ notebook, html: "<p>a real one runs it</p>" }),
 * };
 * pipeline("explore", {
 *   description: "explores the data",
 *   params: z.object({ rows: z.number().default(1000) }),
 * }, ({ step, file, params }) => {
 *   const notebook = file("notebook", "notebooks/explore.ipynb");
 *   step("explore", { notebook }, ({ notebook }, context) => {
 *     const { rows } = params;
 *     return runNotebook({ notebook, params: { rows }, to: "reports/explore", executor }, context);
 *   });
 * });
 * ```
 */
export async function runNotebook(
  { notebook: path, params = {}, to, executor }: NotebookRun,
  context: StepContext,
): Promise<NotebookOutput> {
  const { readNotebook, setParameters } = await import("../../notebook_files/mod.ts");
  const prepared = setParameters(await readNotebook(path), params, path);
  const { notebook, html, failure } = await executor.execute(prepared, path, context);
  const files = { notebook: `${to}.ipynb`, html: `${to}.html` };
  await writeFileAtomic(files.notebook, `${JSON.stringify(notebook, null, 1)}\n`);
  await writeFileAtomic(files.html, html);
  if (failure) {
    throw new UserError(`Cannot finish ${path}: cell ${failure.cell} failed: ${failure.message}`, {
      next: `see how far it came in ${files.html}`,
    });
  }
  return { notebook: savedFile(files.notebook), html: savedFile(files.html) };
}
