/** Notebooks as pipelines. */

import { basename, dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import { DataError, denoCommand, UsageError, writeFileAtomic } from "../../base/mod.ts";
import { type NotebookDocument, sourceText } from "../../notebook_files/mod.ts";
import { readCells, withoutColours } from "../../deno_kernel/mod.ts";
import { pipelineText } from "./pipeline_text.ts";
import { pipelineParts } from "./step_cells.ts";

/**
 * Writes the pipeline that the tagged cells of a notebook make: a cell tagged `step:NAME`
 * becomes a step, what it uses of earlier steps its inputs, what later steps use of it its
 * output; the cell tagged `parameters` becomes the schema. Functions and types come along
 * where a step needs them; what only shows something stays behind.
 *
 * @param path Where the notebook is.
 * @param to Where to write; `.ts`, and not there yet.
 * @throws {DataError} if the cells make no pipeline that passes `deno check`; nothing
 * is written. {@link UsageError} where there is a file already.
 */
export async function notebookToPipeline(
  notebook: NotebookDocument,
  path: string,
  to: string,
): Promise<void> {
  if (await Deno.lstat(to).then(() => true, () => false)) {
    throw new UsageError(`Cannot write ${to}: it exists`, {
      next: "remove it, or give --out FILE",
    });
  }
  const { cells, failures } = await readCells(notebook);
  if (failures.length > 0) {
    const [{ cell, line, message }] = failures;
    throw new DataError(`Cannot read ${path}: cell ${cell}, line ${line}: ${message}`, {
      next: "put the cell right",
    });
  }
  const specifierFrom = (file: string) => {
    const found = relative(dirname(resolve(to)), file).replaceAll("\\", "/");
    return found.startsWith(".") ? found : `./${found}`;
  };
  const text = pipelineText(pipelineParts(cells, path), {
    name: basename(to, ".ts"),
    description: description(notebook, path),
    notebook: specifierFrom(resolve(path)),
    framework: specifierFrom(fromFileUrl(import.meta.resolve("../../pipeline/mod.ts"))),
    specifierOf: (specifier) =>
      /^\.{1,2}\//.test(specifier) ? specifierFrom(resolve(dirname(path), specifier)) : specifier,
  });
  // Checked under another name, in the same folder: the imports mean the same.
  const draft = join(dirname(to), `.${basename(to, ".ts")}-${crypto.randomUUID().slice(0, 8)}.ts`);
  try {
    await writeFileAtomic(draft, text);
    await run(["fmt", "--quiet", basename(draft)], dirname(to), path);
    await run(["check", "--quiet", basename(draft)], dirname(to), path);
    await Deno.rename(draft, to);
  } catch (error) {
    await Deno.remove(draft);
    throw error;
  }
}

async function run(args: readonly string[], cwd: string, path: string): Promise<void> {
  const command = await denoCommand(args, { cwd, env: { NO_COLOR: "1" } });
  const { success, stderr } = await command.output();
  if (success) return;
  const said = withoutColours(new TextDecoder().decode(stderr));
  const [error, ...source] = said.slice(Math.max(0, said.search(/^(TS\d+|error)/m))).split("\n");
  throw new DataError(
    `Cannot make a pipeline of ${path} that passes deno check: ${error.replace(" [ERROR]", "")} ` +
      `(${source[0]?.trim()})`,
    { next: "see what deno task notebook check says of the notebook" },
  );
}

/** The first heading of the notebook as a clause. */
function description({ cells }: NotebookDocument, path: string): string {
  for (const cell of cells) {
    const heading = cell.cell_type === "markdown" && /^#+ +(.+)$/m.exec(sourceText(cell));
    if (heading) return heading[1].replaceAll(/[*`]/g, "").replace(/[.:]$/, "").trim();
  }
  return `The steps of ${basename(path)}`;
}
