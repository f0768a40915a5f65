/** `deno task pipeline runs rerun RUN`: a pipeline again with the parameters that a run had. */

import { MASK, UsageError } from "../base/mod.ts";
import type { PipelineRequest } from "./args.ts";
import { findRun } from "../run_history/mod.ts";
import type { ArtifactStore } from "../artifact_store/mod.ts";

/**
 * The request with the run's pipeline and parameters: as they were given, and of the rest the
 * defaults of then. Parameters of the request take their place.
 *
 * @throws {UsageError} if there is no such run, or it had a secret that is not given again.
 */
export async function rerunRequest<R extends Extract<PipelineRequest, { type: "run" }>>(
  request: R,
  store: ArtifactStore,
): Promise<R> {
  const { run, pipeline, params, given = {} } = await findRun(store, request.rerun!);
  const earlier = { ...params, ...given };
  for (const [name, value] of Object.entries(earlier)) {
    if (value !== MASK) continue;
    delete earlier[name];
    if (name in given && !(name in request.params)) {
      throw new UsageError(`Cannot run ${run} again: its secret "${name}" is not kept`, {
        next: `give it again: --param ${name}=…`,
      });
    }
  }
  return { ...request, pipeline, rerun: run, earlier };
}
