/** Finds the pipelines of a folder and loads them; the only place that does. */

import {
  folderEntries,
  join,
  nearestName,
  resolve,
  statIfPresent,
  toFileUrl,
  UsageError,
} from "../../base/mod.ts";
import type { Pipeline } from "./definition.ts";

const fileName = /^[\w-]+\.ts$/;

/** The names of the pipelines in `folder`, sorted; each is a `<name>.ts`. */
export async function listPipelines(folder: string): Promise<string[]> {
  const files = (await folderEntries(folder)).filter(({ name, isFile }) =>
    isFile && fileName.test(name)
  );
  return files.map(({ name }) => name.slice(0, -3)).sort();
}

/**
 * The file of a pipeline.
 *
 * @throws {UsageError} if there is none, with the nearest name.
 */
export async function findPipeline(folder: string, name: string): Promise<string> {
  const path = join(folder, `${name}.ts`);
  if (fileName.test(`${name}.ts`) && statIfPresent(path)?.isFile) return path;
  const names = await listPipelines(folder);
  const near = nearestName(name, names);
  const known = names.length === 0
    ? "there is none in this folder"
    : `there are ${names.join(", ")}`;
  throw new UsageError(`Cannot find a pipeline "${name}" in ${folder}; ${known}`, {
    next: near === undefined ? "see them with --list" : `did you mean "${near}"?`,
  });
}

/**
 * Loads the pipeline that `<folder>/<name>.ts` exports by default.
 *
 * @throws {UsageError} if there is no such file (with the nearest name), or it
 * exports no pipeline of that name.
 */
export async function loadPipeline(folder: string, name: string): Promise<Pipeline> {
  const path = await findPipeline(folder, name);
  const found = await defaultExport(path);
  if (!isPipeline(found) || found.name !== name) {
    throw new UsageError(`Cannot load ${path}: its default export is not a pipeline "${name}"`, {
      next: `end the file with: export default pipeline("${name}", …)`,
    });
  }
  return found;
}

/** Loads the pipeline of a file that a run has loaded before. */
export async function loadPipelineFile(path: string): Promise<Pipeline> {
  const found = await defaultExport(path);
  if (!isPipeline(found)) throw new Error(`Cannot find a pipeline in ${path}`);
  return found;
}

async function defaultExport(path: string): Promise<unknown> {
  return (await import(toFileUrl(resolve(path)).href)).default;
}

function isPipeline(found: unknown): found is Pipeline {
  return typeof (found as Partial<Pipeline> | undefined)?.graph === "function";
}
