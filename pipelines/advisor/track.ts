/** What MLflow is told of a build. */

import type { RunInfo } from "../../src/pipeline/mod.ts";
import { chosenExperiment, openTracker, type ParamValue } from "../../src/tracking/mod.ts";
import type { AdvisorParams } from "./params.ts";

/** What a run holds. */
export interface TrackedBuild {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Contents by path among the artifacts; a string is the path of a file. */
  readonly artifacts: Readonly<Record<string, Uint8Array | string>>;
}

/** Writes a run; gives its id. A server that is away is told, and the run goes to a folder. */
export async function trackBuild(
  { experiment, tracking }: Pick<AdvisorParams, "experiment" | "tracking">,
  run: RunInfo,
  name: string,
  { params, metrics, tags, artifacts }: TrackedBuild,
  warn: (text: string) => void,
): Promise<string> {
  const tracker = await openTracker({
    uri: tracking,
    source: { name: "pipelines/advisor.ts" },
    onWarning: warn,
  });
  const tracked = await tracker.startRun(await chosenExperiment(tracker, experiment), {
    name,
    tags,
    startTime: run.startedAt.getTime(),
  });
  try {
    await tracked.logParams(params);
    await tracked.logMetrics(metrics);
    for (const [path, content] of Object.entries(artifacts)) {
      await tracked.logArtifact(path, content);
    }
    await tracked.end("FINISHED");
  } catch (error) {
    await tracked.end("FAILED");
    throw error;
  }
  return tracked.id;
}
