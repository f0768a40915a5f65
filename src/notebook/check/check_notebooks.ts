/** Checks the types of a notebook, which a kernel does not look at. */

import { basename, dirname, resolve } from "@std/path";
import { denoCommand } from "../../base/mod.ts";
import { type NotebookDocument } from "../../notebook_files/mod.ts";
import {
  type CellFailure,
  inNotebookWords,
  joinCells,
  type JoinedModule,
  readCells,
  withoutColours,
} from "../../deno_kernel/mod.ts";

/** A notebook to check. */
export interface NotebookFile {
  /** The notebook. */
  readonly notebook: NotebookDocument;
  /** Where it is; its imports are relative to it. */
  readonly path: string;
}

/**
 * Checks all code cells of each notebook as one module, in the project that the first one
 * lies in. Notebooks that are checked together share the work on what they import.
 *
 * @returns The errors of each notebook, in the order in which they were found; none where
 * all is well.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const cell = (source: string) => ({ cell_type: "code", source, metadata: {} });
 * const cells = [cell("const n = 1;"), cell('const n = "one";\nn.toFixed();')];
 * const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
 * const path = `${Deno.makeTempDirSync()}/numbers.ipynb`;
 * const [[{ cell: number, line }]] = await checkNotebooks([{ notebook, path }]);
 * assertEquals([number, line], [2, 2]);
 * ```
 */
export async function checkNotebooks(
  files: readonly NotebookFile[],
): Promise<readonly (readonly CellFailure[])[]> {
  const modules: { readonly file: string; readonly module: JoinedModule }[] = [];
  const found: CellFailure[][] = [];
  try {
    for (const { notebook, path } of files) {
      const { cells, failures } = await readCells(notebook);
      found.push(failures);
      // Beside the notebook, if its imports mean the same.
      const name = `.${basename(path, ".ipynb")}.${crypto.randomUUID().slice(0, 8)}.ts`;
      const file = resolve(dirname(path), name);
      const module = joinCells(failures.length > 0 ? [] : cells);
      await Deno.writeTextFile(file, module.text);
      modules.push({ file, module });
    }
    const said = await denoCheck(modules.map(({ file }) => file));
    for (const [i, { file, module }] of modules.entries()) {
      for (const { line, message } of errorsIn(said, basename(file))) {
        const place = module.placeOf(line);
        if (place) found[i].push({ ...place, message: inNotebookWords(message) });
      }
    }
    // What has no place of its own is of all of them.
    const lost = said !== "" && found.every((failures) => failures.length === 0);
    return lost ? found.map(() => [{ cell: 1, message: firstError(said) }]) : found;
  } finally {
    for (const { file } of modules) await Deno.remove(file);
  }
}

/** What `deno check` says of files; nothing if all is well. */
async function denoCheck(files: readonly string[]): Promise<string> {
  if (files.length === 0) return "";
  const command = await denoCommand(["check", "--quiet", ...files], {
    ...{ cwd: dirname(files[0]), env: { NO_COLOR: "1", RUST_BACKTRACE: "0" } },
  });
  const { success, stderr } = await command.output();
  return success ? "" : withoutColours(new TextDecoder().decode(stderr));
}

/** The errors of one file: blocks that end with their place. */
function errorsIn(
  text: string,
  file: string,
): { readonly line: number; readonly message: string }[] {
  const place = new RegExp(`^\\s*at file://\\S*/${file.replaceAll(".", "\\.")}:(\\d+):\\d+`, "m");
  return text.split(/\n(?=TS\d+ \[ERROR\])|\n\n(?=Found \d+ error)/).flatMap((block) => {
    const line = place.exec(block)?.[1];
    if (line === undefined) return [];
    // The excerpt of the source that follows the message ends with a line of tildes.
    const said = block.split("\n").filter((line) => line.trim() !== "");
    const marks = said.findIndex((line) => /^\s*~+\s*$/.test(line));
    const lines = said.slice(0, marks < 0 ? 1 : Math.max(1, marks - 1)).map((line) => line.trim());
    return [{ line: Number(line), message: lines.join(" ").replace(" [ERROR]", "") }];
  });
}

function firstError(text: string): string {
  return /^error: (.*)/m.exec(text)?.[1] ?? text.trim().split("\n")[0];
}
