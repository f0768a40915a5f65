/** A pipeline that is to be run, with all that was read of how. */

import type { Pipeline, RunOptions } from "../pipeline/mod.ts";
import type { ArtifactStore } from "../artifact_store/mod.ts";
import type { PipelineRequest } from "./args.ts";

/** What was asked for, where a pipeline is to be run. */
export type RunRequest = Extract<PipelineRequest, { type: "run" }>;

/** A request with what was read from it and from the pipeline's file. */
export interface PipelineCommand {
  /** What was asked for. */
  readonly request: RunRequest;
  readonly pipeline: Pipeline;
  /** Where its outputs are kept. */
  readonly store: ArtifactStore;
  /** How each of its runs is to be. */
  readonly given:
    & Required<Pick<RunOptions, "params" | "cache" | "picks" | "keepGoing">>
    & Pick<RunOptions, "partOf">;
}

/** The arguments that give a run the parameters of this one. */
export function againArgs({ params, paramsFile, rerun }: RunRequest): string[] {
  const { path, profile } = paramsFile ?? {};
  return [
    ...path === undefined ? [] : [`--params ${path}`],
    ...profile === undefined ? [] : [`--profile ${profile}`],
    ...Object.entries(params).map(([name, value]) => `--param '${name}=${value}'`),
    ...rerun === undefined ? [] : [`(with the parameters of ${rerun})`],
  ];
}
