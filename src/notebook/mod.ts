/**
 * Notebooks on the Deno kernel, executed over Jupyter's protocol: their cells in order,
 * no output lost, every failure named with its cell and line.
 *
 * @module
 */

export { checkNotebooks, type NotebookFile } from "./check/check_notebooks.ts";
export { notebookToPipeline } from "./convert/to_pipeline.ts";
export { type Executed, executeNotebook, type ExecuteOptions } from "./execute/execute.ts";
export { kernelExecutor } from "./execute/executor.ts";
export { notebookPage } from "./html/notebook_page.ts";
