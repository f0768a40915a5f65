/** `to-pipeline` and `from-pipeline`. */

import { basename, fromFileUrl, join, relative, resolve } from "@std/path";
import { UserError } from "../../base/mod.ts";
import { loadPipeline } from "../../pipeline/mod.ts";
import { readNotebook } from "../../notebook_files/mod.ts";
import { pipelineNotebook } from "../convert/from_pipeline.ts";
import { notebookToPipeline } from "../convert/to_pipeline.ts";
import type { NotebookRequest } from "./args.ts";
import type { NotebookCliOptions } from "./cli_options.ts";
import { saveNew } from "./new_command.ts";

/** Writes the pipeline of a notebook. */
export async function toPipeline(
  { file, out }: Extract<NotebookRequest, { command: "to-pipeline" }>,
  { root, stdout, stderr }: NotebookCliOptions,
): Promise<void> {
  const to = out ?? join(root, "pipelines", `${basename(file, ".ipynb")}.ts`);
  await notebookToPipeline(await readNotebook(file), file, to);
  stdout.write(`${to}\n`);
  stderr.write(`next: deno task pipeline ${basename(to, ".ts")} --plan\n`);
}

/** Writes the notebook of a pipeline. */
export async function fromPipeline(name: string, options: NotebookCliOptions): Promise<void> {
  const pipeline = await loadPipeline(join(options.root, "pipelines"), name);
  const defaults = pipeline.params?.safeParse({}) ?? { success: true, data: {} };
  if (!defaults.success) {
    throw new UserError(`Cannot draw pipeline "${name}": its parameters have no defaults`, {
      next: "give each a default",
    });
  }
  const folder = join(options.root, "notebooks");
  const cells = relative(resolve(folder), fromFileUrl(import.meta.resolve("../../cells/mod.ts")));
  const notebook = pipelineNotebook(pipeline, pipeline.graph(defaults.data!), cells);
  const path = await saveNew(name, notebook, options);
  options.stderr.write(`next: deno task notebook run ${path}\n`);
}
