/** A pipeline that is to be run, with all that was read of how. */

import type { Pipeline } from "../define/definition.ts";
import type { RunOptions } from "../run/run.ts";
import type { LocalStore } from "../store/local_store.ts";
import type { PipelineRequest } from "./args.ts";

/** What was asked for, where a pipeline is to be run. */
export type RunRequest = Extract<PipelineRequest, { type: "run" }>;

/** A request with what was read from it and from the pipeline's file. */
export interface PipelineCommand {
  /** What was asked for. */
  readonly request: RunRequest;
  /** The pipeline. */
  readonly pipeline: Pipeline;
  /** Where its outputs are kept. */
  readonly store: LocalStore;
  /** How each of its runs is to be. */
  readonly given: Required<Pick<RunOptions, "params" | "cache" | "picks" | "keepGoing">>;
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
