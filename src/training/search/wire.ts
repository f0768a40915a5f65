/** Wires a search into a training: its trials are steps, so a run that was killed goes on. */

import type { WorkerPool } from "../../base/mod.ts";
import type { CleanData } from "../../features/mod.ts";
import type { Builder, Handle } from "../../pipeline/mod.ts";
import { generations } from "../../search/mod.ts";
import type { CandidateScores } from "../cross_validate.ts";
import type { SelectionRule } from "../selection.ts";
import type { Folds, Split } from "../../splits/mod.ts";
import type { StepSetting } from "../step_setting.ts";
import type { TrainingRun } from "../track/training_run.ts";
import type { TrainingData } from "../training_data.ts";
import type { NestedFold, SearchFindings } from "../trials.ts";
import type { ReadySearch } from "./declaration.ts";
import { trialName } from "./space.ts";
import {
  chooseStep,
  historyStep,
  nestedStep,
  scoreChosenStep,
  type TrialHistory,
  trialStep,
} from "./steps.ts";
import { SearchWatch } from "./watch.ts";

/** What the trials work with. */
export interface SearchInputs {
  readonly source: Handle<TrainingData>;
  readonly data: Handle<CleanData>;
  readonly folds: Handle<Folds>;
  readonly pool: Handle<WorkerPool>;
  readonly writable: Handle<unknown>;
  readonly tracking: Handle<TrainingRun>;
}

/**
 * Wires the trials, generation by generation, and what is chosen of them. A trial depends on
 * the values of the generations before its own, and not on how many follow: asking for more
 * trials makes the new ones only.
 */
export function wireSearch<Params>(
  builder: Builder<Params>,
  { plan, settings, timeout, rounds, nested }: ReadySearch,
  setting: StepSetting,
  { rule, split, count }: {
    readonly rule: SelectionRule;
    readonly split: Split;
    /** Folds of the cross-validation. */
    readonly count: number;
  },
  { source, ...inputs }: SearchInputs,
): {
  readonly search: Handle<SearchFindings>;
  readonly nested?: Handle<readonly NestedFold[]>;
  readonly scores: Handle<readonly CandidateScores[]>;
} {
  const { data, folds, pool } = inputs;
  const { select } = setting.scoring;
  const watch = builder.resource("search_watch", {
    open: () => new SearchWatch(timeout, select, plan.direction),
    counts: false,
  });
  const { trials: _, ...ofTrial } = plan;
  let history: Handle<TrialHistory> | undefined;
  for (const [place, numbers] of generations(plan).entries()) {
    const name = String(place + 1).padStart(2, "0");
    const trials = builder.each(
      `trials_${name}`,
      numbers.map((number) => ({ name: trialName(number), number })),
      { ...inputs, watch, ...history && { history } },
      trialStep({ ...setting, plan: ofTrial, settings, ...rounds && { rounds } }),
    );
    history = builder.step(
      `history_${name}`,
      { trials, ...history && { history } },
      historyStep({}),
    );
  }
  const search = builder.step(
    "search",
    { history: history!, folds },
    chooseStep({ plan, rule }),
  );
  const scores = builder.step("train", { search, data, folds, pool }, scoreChosenStep(setting));
  if (!nested) return { search, scores };
  // Those of repeats would search the same rows again.
  const outer = Array.from({ length: count }, (_, index) => ({ name: `fold_${index + 1}`, index }));
  const within = builder.each(
    "nested",
    outer,
    { source, data, folds, pool },
    nestedStep({ ...setting, plan, settings, rule, split, count }),
  );
  return { search, nested: within, scores };
}
