/** The checklist of a promotion, point by point. */

import { ModelError } from "../../base/mod.ts";
import type { Check, Found, ModelOnTrial } from "./contract.ts";
import { fairness } from "./fairness.ts";
import { gates } from "./gates.ts";
import { notWorse } from "./not_worse.ts";
import { parity } from "./parity.ts";
import { schema } from "./schema.ts";
import { smoke } from "./smoke.ts";

/** All points after the files themselves, in their order: the quick ones first. */
export const checks: readonly Check[] = [parity, gates, schema, notWorse, fairness, smoke];

/** A point with what it found. */
export interface Checked extends Found {
  /** Its name. */
  readonly name: string;
}

/**
 * Goes through points of the checklist. All are looked at, also after one that refuses: whoever
 * asked hears all reasons at once. Slow ones are left out then, unless a refusal is overruled.
 *
 * @param options.onCheck Hears of each as it is done.
 */
export async function runChecklist(
  trial: ModelOnTrial,
  points: readonly Check[],
  { overruled, onCheck }: {
    readonly overruled: boolean;
    readonly onCheck: (checked: Checked) => void;
  },
): Promise<readonly Checked[]> {
  const all: Checked[] = [];
  for (const { name, slow, look } of points) {
    trial.signal.throwIfAborted();
    const refused = !overruled && all.some(({ passed }) => passed === false);
    let found: Found;
    try {
      found = slow && refused ? { found: "not checked: it is refused already" } : await look(trial);
    } catch (error) {
      // A file that ONNX Runtime cannot run is the model's fault.
      if (!(error instanceof ModelError)) throw error;
      found = { passed: false, found: error.message };
    }
    const checked = { name, ...found };
    all.push(checked);
    onCheck(checked);
  }
  return all;
}
