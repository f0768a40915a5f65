/** Are the rows still such as the champion learned from? */

import { DataError, join, ModelError, type WorkerPool, writeFileAtomic } from "../base/mod.ts";
import {
  driftPage,
  driftParams,
  driftVerdict,
  exitCodeOf,
  findDrift,
  readSides,
} from "../monitoring/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import { findBundle } from "../registry/mod.ts";
import type { StageParams } from "./stage_params.ts";

/** What was found of drift before a training. */
export interface DriftChecked {
  /** The champion that the rows were compared with; absent if there is none yet. */
  readonly champion?: string;
  /** Columns that drifted. */
  readonly drifted: readonly string[];
}

/** Compares the rows with those of the champion, and fails where they moved too far. */
export const driftCheckStep = stepFunction(
  import.meta.url,
  "driftCheckStep",
  async (
    { name, models, reports, seed, failOn }: {
      name: string;
      models: string;
      reports: string;
      seed: number;
      failOn: StageParams["drift"];
    },
    { source, pool }: { source: { path: string; digest: string }; pool: WorkerPool },
    { log, metric, progress, run }: StepContext,
  ): Promise<DriftChecked> => {
    const model = `${name}@champion`;
    const champion = await findBundle(models, model).catch((error) => {
      if (!(error instanceof ModelError)) throw error;
      return undefined;
    });
    if (champion === undefined) {
      log(`${name} has no champion yet: there is nothing to compare the rows with`);
      return { drifted: [] };
    }
    const params = driftParams.parse({ current: source.path, model, models, seed });
    const findings = await findDrift(
      await readSides(params, run.startedAt),
      params,
      pool,
      progress,
    );
    const page = join(reports, `drift_check_${name}_${source.digest.slice(0, 12)}.html`);
    await writeFileAtomic(page, await driftPage(findings, run.startedAt));
    const verdict = driftVerdict(findings);
    metric("drifted_columns", findings.inputs.drifted_columns);
    log(`${verdict}\nSaved: ${page}`);
    if (exitCodeOf(findings, failOn).exitCode !== 0) {
      throw new DataError(`Cannot train ${name}, its rows have moved: ${verdict}`, {
        next: `look at ${page}; train all the same with --param drift=never`,
      });
    }
    const { metadata: { model_name, version } } = champion;
    return {
      champion: `${model_name}_v_${version}`,
      drifted: findings.inputs.columns.filter(({ drifted }) => drifted).map(({ column }) => column),
    };
  },
);
