/** Notebooks as steps of pipelines, executed in a kernel. */

import { dirname } from "@std/path";
import type { NotebookExecutor } from "../../pipeline/mod.ts";
import { notebookPage } from "../html/notebook_page.ts";
import { executeNotebook, type ExecuteOptions } from "./execute.ts";

/**
 * What runs the notebook of a step: a kernel in the notebook's folder.
 *
 * @param options Seconds that a cell may take, 600 by default.
 *
 * @example
 * ```ts
 * import { pipeline, runNotebook } from "../../pipeline/mod.ts";
 * import { kernelExecutor } from "../mod.ts";
 *
 * pipeline("explore", { description: "explores the data" }, ({ step, file }) => {
 *   const notebook = file("notebook", "notebooks/01_explore.ipynb");
 *   step("explore", { notebook }, ({ notebook }, context) =>
 *     runNotebook({ notebook, to: "reports/explore", executor: kernelExecutor() }, context));
 * });
 * ```
 */
export function kernelExecutor(options: Pick<ExecuteOptions, "timeout"> = {}): NotebookExecutor {
  return {
    async execute(notebook, path, { signal, progress }) {
      const executed = await executeNotebook(notebook, {
        ...options,
        cwd: dirname(path),
        signal,
        onCell: (cell, count) => progress((cell - 1) / count, `cell ${cell} of ${count}`),
      });
      const html = await notebookPage(executed.notebook, path);
      if (!executed.failure) return { notebook: executed.notebook, html };
      const { cell, line, message } = executed.failure;
      const where = line === undefined ? "" : `line ${line}: `;
      return {
        notebook: executed.notebook,
        html,
        failure: { cell, message: `${where}${message}` },
      };
    },
  };
}
