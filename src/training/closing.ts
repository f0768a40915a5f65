/** The end of a training: which files it left, and what its last lines say. */

import { type SavedFile, savedFile } from "../pipeline/mod.ts";
import type { Saved } from "./export_model.ts";
import type { Findings } from "./findings.ts";
import { trainingTime } from "./messages.ts";
import type { TrainingRun } from "./track/training_run.ts";

/** The files that a training left. */
export function savedFiles({ bundle, published, reportPath }: Saved): SavedFile[] {
  return [
    ...bundle ? [savedFile(bundle.modelPath), savedFile(bundle.metadataPath)] : [],
    // Other runs move the pointer too: a kept one must not move it back.
    ...bundle && published ? [savedFile(bundle.latestPath, { shared: true })] : [],
    savedFile(reportPath),
  ];
}

/** Where everything is, and how long it took. */
export function closing(
  { bundle, held, reportPath }: Saved,
  { gates }: Pick<Findings, "gates">,
  tracking: TrainingRun,
  { experiment, uri, startedAt }: { experiment: string; uri: string; startedAt: Date },
): string {
  const missed = gates !== undefined && gates.missed.length > 0;
  return [
    ...bundle ? [`Saved: ${bundle.modelPath}`, `  Metadata: ${bundle.metadataPath}`] : [],
    bundle ? `  Report:   ${reportPath}` : `Report: ${reportPath}`,
    `MLflow run: ${tracking.parent.id} (${experiment} in ${uri || "./mlruns"})`,
    ...tracking.hints.map((hint) => `  ${hint}`),
    `Total time: ${trainingTime(Date.now() - startedAt.getTime())}`,
    ...missed ? [`Not published: ${gates.missed.join("; ")}`] : held !== undefined && bundle
      ? [
        `Not the champion: ${held}`,
        `  Promote it: deno task models promote ${bundle.metadata.name} ${bundle.metadata.version}`,
      ]
      : ["Training completed successfully!"],
  ].join("\n");
}
