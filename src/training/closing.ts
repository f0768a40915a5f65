/** The last lines of a training: where everything is, and how long it took. */

import type { Saved } from "./export_model.ts";
import type { Findings } from "./findings.ts";
import { trainingTime } from "./messages.ts";
import type { TrainingRun } from "./track/training_run.ts";

/** Where everything is, and how long it took. */
export function closing(
  { bundle, held, reportPath }: Saved,
  { gates }: Findings,
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
