/** A training from raw rows to what answers: drift looked at before, registered and promoted after. */

import type { Builder, Handle } from "../pipeline/mod.ts";
import type { CommonParams, TrainingAdditions, TrainingHandles } from "../training/mod.ts";
import { driftCheckStep } from "./drift_check.ts";
import { notifyStep } from "./notify.ts";
import { type Promoted, promoteStep } from "./promote.ts";
import { registerStep } from "./register.ts";
import type { StageParams } from "./stage_params.ts";

/**
 * Wires the stages of a model's life: the rows are validated where the training says so, compared
 * with those that the champion learned from, learned from, evaluated and held to gates; what reached
 * them is registered, goes through the checklist of promotions, and is told of.
 *
 * What is beside the training is done in each run, and once in a run that many machines carry out.
 *
 * @param name Name of the model.
 * @param train Wires the training with what comes before it.
 */
export function lifecycle<Params extends CommonParams & StageParams>(
  builder: Builder<Params>,
  name: string,
  train: (additions: TrainingAdditions) => TrainingHandles,
): Handle<Promoted> {
  const { params } = builder;
  const { models, reports, tracking, seed } = params;
  const each = { cache: false };
  let drift: Handle<unknown> | undefined;
  const { exported, gates } = train({
    before: (given) =>
      drift = builder.step(
        "drift_check",
        given,
        driftCheckStep({ name, models, reports, seed, failOn: params.drift }),
        each,
      ),
  });
  const registered = builder.step(
    "register",
    { exported, ...gates && { gates } },
    registerStep({ name, tracking }),
    each,
  );
  const promoted = builder.step(
    "promote",
    { registered },
    promoteStep({ then: params.then, models, tracking }),
    each,
  );
  builder.step("notify", { promoted, ...drift && { drift } }, notifyStep({ name }), {
    ...each,
    ...{ retries: 3, retryDelay: 10 },
  });
  return promoted;
}
