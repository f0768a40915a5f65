/** Writes what Airflow reads: a JSON file for each pipeline, and the module that builds DAGs from them. */

import { join, UsageError, writeFileAtomic } from "../base/mod.ts";
import { loadPipeline } from "../pipeline/mod.ts";
import { dagSpec, type Grouping } from "./dag_spec.ts";

/** What was written. */
export interface ExportedDags {
  /** Paths, in the order of the pipelines; the module last. */
  readonly files: readonly string[];
}

/**
 * Exports pipelines.
 *
 * @param options.names Pipelines, 1 or more.
 * @param options.folder Where the pipelines are.
 * @param options.out Folder of DAGs; files of the same names are replaced.
 * @throws {UsageError} for a pipeline that is not there, or cannot be exported.
 */
export async function exportDags(
  options: {
    readonly names: readonly string[];
    readonly folder: string;
    readonly out: string;
    readonly group?: Grouping;
    readonly after?: readonly string[];
  },
): Promise<ExportedDags> {
  const { names, folder, out, group, after = [] } = options;
  const circle = after.find((name) => names.includes(name));
  if (circle !== undefined) {
    throw new UsageError(`Cannot run ${circle} after itself`, { next: "leave it out of --after" });
  }
  const files: string[] = [];
  for (const name of names) {
    const spec = dagSpec(await loadPipeline(folder, name), { ...group && { group }, after });
    const path = join(out, `${name}.dinoflow.json`);
    await writeFileAtomic(path, `${JSON.stringify(spec, null, 2)}\n`);
    files.push(path);
  }
  const module = join(out, "dinoflow_dags.py");
  await writeFileAtomic(module, await Deno.readFile(new URL("dinoflow_dags.py", import.meta.url)));
  return { files: [...files, module] };
}
