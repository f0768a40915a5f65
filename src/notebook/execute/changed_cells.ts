/** Which cells of a notebook have to run again: by their texts, and what they take from others. */

import { dirname, fromFileUrl, resolve, toFileUrl } from "@std/path";
import { denoCommand, sha256, sha256File } from "../../base/mod.ts";
import { hasTag, type NotebookDocument, sourceText } from "../../notebook_files/mod.ts";
import { cellLinks, type CodeCell, readCells } from "../../deno_kernel/mod.ts";

/** What is to be run. */
export interface ChangePlan {
  /** The key of each code cell, by its place from 0: what its result depends on. */
  readonly keys: ReadonlyMap<number, string>;
  /** Places of the cells to run: those whose key changed, and what they need. */
  readonly run: ReadonlySet<number>;
}

/** The key under which a cell was run last, as its metadata keep it. */
export function ranAs({ metadata }: NotebookDocument["cells"][number]): string | undefined {
  return (metadata as { dinoflow?: { ran?: string } }).dinoflow?.ran;
}

/**
 * The keys of all cells, and which have to run again. A key holds the text of a cell, the keys of
 * the cells before it that make, change or may change what it mentions, and the modules
 * that it imports with all that these import. Cells that only act, as a setting of the
 * environment, count for all that follow. Data that cells read are not seen.
 *
 * @param path Where the notebook is; imports are relative to it.
 */
export async function changedCells(
  notebook: NotebookDocument,
  path: string,
): Promise<ChangePlan> {
  const { cells } = await readCells(notebook);
  const known = new Map(cells.map((cell) => [cell.cell - 1, cell]));
  const links = cellLinks(cells);
  const digests = new Map<string, Promise<string>>();
  const keys = new Map<number, string>();
  const changed: number[] = [];
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code" || hasTag(cell, "skip-execution")) continue;
    const source = sourceText(cell);
    if (source.trim() === "") continue;
    const code = known.get(i);
    const imported = code === undefined ? [] : importsOf(code, path);
    const parts = [
      source,
      ...[...links.get(i) ?? []].map((maker) => keys.get(maker) ?? ""),
      ...imported.length === 0 ? [] : [await modulesDigest(imported, dirname(path), digests)],
    ];
    const key = sha256(JSON.stringify(parts)).slice(0, 16);
    keys.set(i, key);
    // A cell that cannot be read is run to tell why.
    if (code === undefined || ranAs(cell) !== key) changed.push(i);
  }
  const run = new Set<number>();
  const add = (cell: number) => {
    if (run.has(cell)) return;
    run.add(cell);
    for (const maker of links.get(cell) ?? []) add(maker);
  };
  changed.forEach(add);
  return { keys, run };
}

/** What a cell imports that its text does not tell the version of, files by their address. */
function importsOf({ facts }: CodeCell, path: string): string[] {
  return facts.flatMap(({ specifier }) => {
    if (specifier === undefined || /^(?:npm|jsr|node|https?):/.test(specifier)) return [];
    return /^\.{1,2}\//.test(specifier)
      ? [toFileUrl(resolve(dirname(path), specifier)).href]
      : [specifier];
  });
}

/** The modules that imports lead to, with what local ones hold, by the nearest deno.json. */
async function modulesDigest(
  imports: readonly string[],
  cwd: string,
  digests: Map<string, Promise<string>>,
): Promise<string> {
  const text = imports.map((specifier) => `import ${JSON.stringify(specifier)};`).join("");
  const address = `data:application/typescript,${encodeURIComponent(text)}`;
  const command = await denoCommand(["info", "--json", address], { cwd });
  const { success, stdout } = await command.output();
  if (!success) return "";
  const { modules = [] } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules?: { readonly specifier: string; readonly error?: string }[];
  };
  const parts = await Promise.all(modules.map(async ({ specifier, error }) => {
    if (!specifier.startsWith("file:") || error !== undefined) return specifier;
    let digest = digests.get(specifier);
    if (digest === undefined) digests.set(specifier, digest = sha256File(fromFileUrl(specifier)));
    return `${specifier} ${await digest}`;
  }));
  return sha256(parts.sort().join("\n"));
}
