/** One round of watching, in the process that runs it. */

import { resolve, writeFileAtomic } from "../../base/mod.ts";
import type { PipelineGraph, Plan } from "../../pipeline/mod.ts";
import { planText } from "../view/plan_text.ts";

/** Tells the watching process which files and folders the pipeline names, as it is now. */
export async function reportFiles(report: string, { files, nodes }: PipelineGraph): Promise<void> {
  const paths = [
    ...[...files.values()].map(({ path }) => path),
    ...nodes.flatMap(({ options }) => options.permissions?.read ?? []),
  ];
  await writeFileAtomic(report, JSON.stringify([...new Set(paths.map((path) => resolve(path)))]));
}

/** What the round is going to run and why, one line each. */
export function roundText(plan: Plan): string {
  const entries = plan.entries.filter(({ verdict }) => verdict !== "CACHED");
  return entries.length === 0 ? "Nothing to run again\n" : planText({ ...plan, entries });
}
