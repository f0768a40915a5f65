/** Linear-chain conditional random fields. */

import { fillSettings, YieldingLoop } from "../../base/mod.ts";
import { lbfgs } from "../lbfgs.ts";
import { checkRanges } from "../parameters.ts";
import { checkSequences } from "./check_sequences.ts";
import type { SequenceLearner, SequenceModel, SequenceOptions, Sequences } from "./contract.ts";
import { CrfParts } from "./crf_parts.ts";
import { type CrfParameters, seenParameters } from "./seen_parameters.ts";
import { owlqn } from "./owlqn.ts";

/** Parameters of {@link crf}, named as CRFsuite's. */
export interface CrfParams {
  /** Weight of the sum of absolute values, which makes most parameters 0; 0 to 1e6, default 0.1. */
  readonly c1?: number;
  /** Weight of the sum of squares, 0 to 1e6; default 0.05. */
  readonly c2?: number;
  /** Most steps of the descent, 1 to 100,000; default 100. */
  readonly maxIter?: number;
  /** It ends when ten steps lower the loss by less than this share of it, above 0 to 1; default 1e-5. */
  readonly tol?: number;
}

/**
 * A linear-chain conditional random field with the objective of CRFsuite: its parameters are the
 * pairs of attribute and tag, and of neighbouring tags, that training has seen. It is
 * minimised, with `c1` by OWL-QN, else by L-BFGS, spread over the pool. Tags that may not follow
 * each other are left out when it predicts, not when it learns.
 *
 * Source: Lafferty, McCallum and Pereira, 2001; Okazaki, 2007, CRFsuite.
 *
 * @throws {UsageError} if a parameter is out of its range.
 */
export function crf(params: CrfParams = {}): SequenceLearner {
  const name = "Crf";
  const defaults: Required<CrfParams> = {
    ...{ c1: 0.1, c2: 0.05, maxIter: 100, tol: 1e-5 },
  };
  const filled = fillSettings<Required<CrfParams>>(name, defaults, params);
  checkRanges(name, filled, {
    c1: { min: 0, max: 1e6 },
    c2: { min: 0, max: 1e6 },
    maxIter: { min: 1, max: 100_000, whole: true },
    tol: { min: Number.MIN_VALUE, max: 1 },
  });
  return {
    name,
    params: { ...filled },
    fit: (sequences, tags, options) => fit(filled, sequences, tags, options),
  };
}

async function fit(
  params: Required<CrfParams>,
  sequences: Sequences,
  tags: Int32Array,
  { order, pool, signal, onProgress }: SequenceOptions,
): Promise<SequenceModel> {
  checkSequences("Crf", sequences, tags, order);
  const { c1, c2, maxIter, tol } = params;
  const parameters = seenParameters(sequences, tags, order.tags);
  const pace = new YieldingLoop({ signal, onProgress });
  const parts = new CrfParts(sequences, tags, order.tags, parameters, c2, pool);
  try {
    const { objective } = parts;
    const { pairTags, from } = parameters;
    const start = new Float64Array(pairTags.length + from.length);
    const steps = c1 > 0
      ? owlqn(objective, start, { l1: c1, maxIterations: maxIter, tolerance: tol })
      // A gradient of the size of the tolerance changes the loss by about its square.
      : lbfgs(objective, start, { tolerance: Math.sqrt(tol), maxIterations: maxIter });
    let step = steps.next();
    for (; !step.done; step = steps.next()) await pace.step(step.value / maxIter);
    await pace.step(1);
    const { point, iterations, converged } = step.value;
    return {
      ...{ kind: "Crf", params: { ...params }, order, iterations, converged },
      ...laidOut(point, parameters, sequences.attributeCount, order.tags),
    };
  } finally {
    parts.close();
  }
}

/** Parameters as tables; what was not seen weighs nothing. */
function laidOut(
  point: Float64Array,
  { offsets, pairTags, from, to }: CrfParameters,
  attributes: number,
  tags: number,
): Pick<SequenceModel, "weights" | "transitions"> {
  const weights = new Float32Array(attributes * tags);
  for (let a = 0; a < attributes; a++) {
    for (let p = offsets[a]; p < offsets[a + 1]; p++) weights[a * tags + pairTags[p]] = point[p];
  }
  const transitions = new Float32Array(tags * tags);
  from.forEach((tag, r) => transitions[tag * tags + to[r]] = point[pairTags.length + r]);
  return { weights, transitions };
}
