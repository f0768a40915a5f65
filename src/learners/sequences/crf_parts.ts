/** The objective of a CRF as a sum over parts of the texts, which threads share. */

import { type Task, task, type WorkerPool } from "../../base/mod.ts";
import {
  type CrewLeader,
  gatherCrew,
  helpCrew,
  type PhaseWork,
  shared,
} from "../../tree_growth/mod.ts";
import type { Objective } from "../lbfgs.ts";
import type { Sequences } from "./contract.ts";
import { crfObjective } from "./crf_objective.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/** Tokens of a part at least: fewer are not worth a thread, nor a gradient of their own. */
const LEAST_TOKENS = 2048;
/** Most parts: each has a gradient, and all of them are summed at each step. */
const MOST_PARTS = 8;

/** What the threads of one fit share. */
interface CrfMemory {
  readonly sequences: Sequences;
  readonly tags: Int32Array;
  readonly tagCount: number;
  readonly parameters: CrfParameters;
  readonly parts: number;
  /** The parameters, shape [parameters]. */
  readonly point: Float64Array;
  /** The slopes of each part, shape [parts × parameters]. */
  readonly gradients: Float64Array;
  readonly losses: Float64Array;
}

/** Parts of the texts, whatever the number of threads: sums do not depend on who made them. */
export class CrfParts {
  readonly #memory: CrfMemory;
  readonly #crew: CrewLeader;

  /** Takes what is learned from, and workers to share it with. */
  constructor(
    { offsets, width, groups, attributeOffsets, attributes, attributeCount }: Sequences,
    tags: Int32Array,
    tagCount: number,
    parameters: CrfParameters,
    pool?: WorkerPool,
  ) {
    const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(tags.length / LEAST_TOKENS)));
    const size = parameters.pairTags.length + parameters.from.length;
    const numbers = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
    const memory: CrfMemory = {
      sequences: {
        ...{ width, attributeCount, offsets: shared(offsets), groups: shared(groups) },
        attributeOffsets: shared(attributeOffsets),
        attributes: shared(attributes),
      },
      tags: shared(tags),
      ...{ tagCount, parameters, parts, point: numbers(size) },
      gradients: numbers(size * parts),
      losses: numbers(parts),
    };
    this.#memory = memory;
    this.#crew = gatherCrew(
      crfWork(memory),
      Math.min(pool?.size ?? 1, parts) - 1,
      (control) => pool!.run(helpCrfTask, { memory, control }),
    );
  }

  /** {@linkcode crfObjective} of all texts plus `c2` times the sum of squares. */
  objective(c2: number): Objective {
    const { point, gradients, losses, parts } = this.#memory;
    return (at, gradient) => {
      point.set(at);
      this.#crew.run(0, parts);
      let loss = 0;
      for (let p = 0; p < at.length; p++) {
        loss += c2 * at[p] * at[p];
        gradient[p] = 2 * c2 * at[p];
      }
      for (let part = 0, from = 0; part < parts; part++) {
        loss += losses[part];
        for (let p = 0; p < gradient.length; p++) gradient[p] += gradients[from++];
      }
      return loss;
    };
  }

  /** Sends the helpers home. */
  close(): void {
    this.#crew.close();
  }
}

function crfWork({ sequences, tags, tagCount, parameters, ...memory }: CrfMemory): PhaseWork {
  const { parts, point, gradients, losses } = memory;
  const objectives: Objective[] = [];
  return (_, part) => {
    objectives[part] ??= crfObjective(
      ...partOf(sequences, tags, part, parts),
      tagCount,
      parameters,
    );
    const slopes = gradients.subarray(part * point.length, (part + 1) * point.length);
    losses[part] = objectives[part](point, slopes);
  };
}

/** Helps with one fit in a worker until its leader is done. */
export const helpCrfTask: Task<
  { readonly memory: CrfMemory; readonly control: Int32Array<SharedArrayBuffer> },
  void
> = task(
  import.meta.url,
  "helpCrfTask",
  ({ memory, control }) => helpCrew(control, crfWork(memory)),
);

/** Every so many-th text, so that parts are like one another, with the groups that it has. */
function partOf(
  { offsets, width, groups, attributeOffsets, attributes, attributeCount }: Sequences,
  tags: Int32Array,
  part: number,
  parts: number,
): [Sequences, Int32Array] {
  const ownTags: number[] = [];
  const ownOffsets = [0];
  const ownGroups: number[] = [];
  const ownAttributes: number[] = [];
  const ownAttributeOffsets = [0];
  const placeOf = new Int32Array(attributeOffsets.length - 1).fill(-1);
  for (let text = part; text + 1 < offsets.length; text += parts) {
    for (let token = offsets[text]; token < offsets[text + 1]; token++) ownTags.push(tags[token]);
    ownOffsets.push(ownTags.length);
    for (const group of groups.subarray(offsets[text] * width, offsets[text + 1] * width)) {
      if (placeOf[group] < 0) {
        placeOf[group] = ownAttributeOffsets.length - 1;
        const [from, to] = [attributeOffsets[group], attributeOffsets[group + 1]];
        for (let at = from; at < to; at++) ownAttributes.push(attributes[at]);
        ownAttributeOffsets.push(ownAttributes.length);
      }
      ownGroups.push(placeOf[group]);
    }
  }
  return [{
    ...{ width, attributeCount, offsets: Int32Array.from(ownOffsets) },
    groups: Int32Array.from(ownGroups),
    attributeOffsets: Int32Array.from(ownAttributeOffsets),
    attributes: Int32Array.from(ownAttributes),
  }, Int32Array.from(ownTags)];
}
