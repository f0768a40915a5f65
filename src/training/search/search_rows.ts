/** A whole search at once, kept nowhere: for rows of which only the outcome is wanted. */

import { generations, parametersOf, type SearchPlan } from "../../search/mod.ts";
import type { Watch } from "../experiment.ts";
import type { TrialRecord } from "../trials.ts";
import { scoreTrial, type TrialSetting } from "./score_trial.ts";
import { candidateOf, type SearchedSettings } from "./space.ts";

/**
 * Makes all trials, generation by generation; those of one run side by side.
 *
 * @throws the signal's reason if it is stopped.
 */
export async function searchRows(
  setting: Omit<TrialSetting, "plan">,
  plan: SearchPlan,
  settings: SearchedSettings,
  { signal, progress }: Watch,
): Promise<TrialRecord[]> {
  const history: TrialRecord[] = [];
  for (const numbers of generations(plan)) {
    const known = [...history];
    history.push(
      ...await Promise.all(numbers.map((number) => {
        const params = parametersOf(plan, number, known);
        const candidate = candidateOf(settings, params, number);
        return scoreTrial({ ...setting, plan }, number, candidate, params, known, {
          signal,
          progress() {},
        });
      })),
    );
    progress(history.length / plan.trials);
  }
  return history;
}
