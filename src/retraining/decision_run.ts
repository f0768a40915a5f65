/** Decisions as runs of MLflow, beside the history: each with its reasons, and what it was about. */

import { join } from "@std/path";
import { ifPresent, parsedJson, UserError, writeFileAtomic } from "../base/mod.ts";
import type { Tracker } from "../tracking/mod.ts";
import { readHistory, type RetrainDecision } from "../monitor_files/mod.ts";

/** Experiment of the runs. */
const EXPERIMENT = "retraining";
/** MLflow's limit for a note, less some room. */
const LONGEST_NOTE = 4000;

/**
 * Makes a run of each decision about a model that has none yet: of this one, and
 * of those before it whose process was killed, or that found no place for runs.
 * A process that is killed meanwhile may leave two runs with one `dinoflow.decision_id`.
 *
 * @param open Opens the place of the runs.
 */
export async function trackDecisions(
  log: string,
  model: string,
  open: () => Promise<Tracker>,
  warn: (text: string) => void,
): Promise<void> {
  const path = join(log, "monitoring", `tracked_${model}.json`);
  const text = await ifPresent(Deno.readTextFile(path));
  const { until = "" } = (parsedJson(text ?? "{}") ?? {}) as { until?: string };
  const left = (await readHistory(log)).filter((one) =>
    one.model === model && one.timestamp > until
  );
  if (left.length === 0) return;
  try {
    const tracker = await open();
    for (const decision of left) {
      await trackDecision(tracker, decision);
      await writeFileAtomic(path, JSON.stringify({ until: decision.timestamp }));
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(`The decision is in the history, and no run yet: ${error.message}`);
  }
}

async function trackDecision(tracker: Tracker, decision: RetrainDecision): Promise<void> {
  const { timestamp, model, champion, candidate, data, reasons } = decision;
  const run = await tracker.startRun(await tracker.experiment(EXPERIMENT), {
    name: `${model}: ${decision.decision}`,
    startTime: Date.parse(timestamp),
    tags: {
      "dinoflow.decision_id": `${model} ${timestamp}`,
      "dinoflow.decision": decision.decision,
      "dinoflow.model": model,
      ...champion !== undefined && { "dinoflow.champion": champion },
      ...candidate !== undefined && { "dinoflow.candidate": candidate },
      ...data !== undefined && { "dinoflow.data": data },
      "mlflow.note.content": reasons.join(". ").slice(0, LONGEST_NOTE),
    },
  });
  await run.logArtifact(
    "decision.json",
    new TextEncoder().encode(`${JSON.stringify(decision, null, 2)}\n`),
  );
  await run.end("FINISHED");
}
