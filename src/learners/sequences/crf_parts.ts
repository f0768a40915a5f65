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
  /** Weight of the sum of the parameters' squares. */
  readonly c2: number;
  /** The slopes of each part, shape [parts × parameters]. */
  readonly gradients: Float64Array;
  /** Those of all parts and of the squares, shape [parameters]. */
  readonly gradient: Float64Array;
  /** Losses of the parts, then those of the slices that their slopes are added up in. */
  readonly losses: Float64Array;
  /** The phase that each part was taken in last. */
  readonly taken: Int32Array;
}

/** Parts of the texts, whatever the number of threads: sums do not depend on who made them. */
export class CrfParts {
  readonly #memory: CrfMemory;
  readonly #crew: CrewLeader;
  /** Even ones take parts of the texts, odd ones slices of the parameters. */
  #phase = 0;

  /** Takes what is learned from, and workers to share it with. */
  constructor(
    { offsets, width, groups, attributeOffsets, attributes, attributeCount }: Sequences,
    tags: Int32Array,
    tagCount: number,
    parameters: CrfParameters,
    c2: number,
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
      ...{ c2, gradients: numbers(size * parts), gradient: numbers(size) },
      losses: numbers(2 * parts),
      taken: new Int32Array(new SharedArrayBuffer(4 * parts)),
    };
    this.#memory = memory;
    this.#crew = gatherCrew(
      crfWork(memory),
      Math.min(pool?.size ?? 1, parts) - 1,
      (control) => pool!.run(helpCrfTask, { memory, control }),
    );
  }

  /** {@linkcode crfObjective} of all texts plus `c2` times the sum of squares. */
  readonly objective: Objective = (at, out) => {
    const { point, gradient, losses, parts } = this.#memory;
    point.set(at);
    this.#crew.run(this.#phase += 2, parts);
    this.#crew.run(this.#phase + 1, parts);
    out.set(gradient);
    return losses.reduce((sum, loss) => sum + loss);
  };

  /** Sends the helpers home. */
  close(): void {
    this.#crew.close();
  }
}

function crfWork({ sequences, tags, tagCount, parameters, ...memory }: CrfMemory): PhaseWork {
  const { parts, point, c2, gradients, gradient, losses, taken } = memory;
  const objectives = new Map<number, Objective>();
  const size = point.length;

  function pass(part: number): void {
    let objective = objectives.get(part);
    if (objective === undefined) {
      const [own, ownTags] = partOf(sequences, tags, part, parts);
      objectives.set(part, objective = crfObjective(own, ownTags, tagCount, parameters));
    }
    losses[part] = objective(point, gradients.subarray(part * size, (part + 1) * size));
  }

  function addUp(slice: number): void {
    const end = Math.floor((slice + 1) * size / parts);
    let squares = 0;
    for (let p = Math.floor(slice * size / parts); p < end; p++) {
      squares += point[p] * point[p];
      let slope = 2 * c2 * point[p];
      for (let at = p; at < gradients.length; at += size) slope += gradients[at];
      gradient[p] = slope;
    }
    losses[parts + slice] = c2 * squares;
  }

  return (phase, item) => {
    if (phase % 2 === 1) return addUp(item);
    // A thread takes the parts that it had before, as far as they are left: to lay out another one
    // costs as much as some passes. There are as many items as parts, so one is left.
    for (const part of [...objectives.keys(), ...taken.keys()]) {
      if (Atomics.compareExchange(taken, part, phase - 2, phase) === phase - 2) return pass(part);
    }
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
