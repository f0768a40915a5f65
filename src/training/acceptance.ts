/** What is kept of how a model was accepted, to hold it to account again. */

import { deriveSeed, Random } from "../base/mod.ts";
import { fairnessMeasures } from "../metrics/mod.ts";
import { onnxInputs } from "../onnx_runtime/mod.ts";
import { type Acceptance, type KeptGate, packProbeRows } from "../registry/mod.ts";
import type { Findings } from "./findings.ts";
import type { FittedTask } from "./tasks/contract.ts";
import { unseenRows, withoutTexts } from "./unseen_rows.ts";

/** Rows that whoever promotes the model asks its export about. */
const PROBE_ROWS = 24;

/**
 * What a promotion checks later: the gates with what was reached, which rows of the data file
 * were held out from everything, and what the native model says of rows made of values of the
 * training data, none of which is a row of it.
 */
export async function acceptanceOf(
  task: FittedTask,
  { scoring, gates, fairness, folds, source, fitted, cleaned, experiment: { data, seed } }:
    Findings,
): Promise<Acceptance> {
  const random = new Random(deriveSeed(seed, 7));
  const probe = await withoutTexts(fitted.state, unseenRows(cleaned, PROBE_ROWS, random), random);
  const all = Int32Array.from({ length: PROBE_ROWS }, (_, row) => row);
  const inputs = Object.entries(onnxInputs(fitted.state, probe)).map(([name, values]) => [
    name,
    Array.from(
      values as ArrayLike<number>,
      (value) => typeof value === "number" && Number.isNaN(value) ? null : value,
    ),
  ]);
  return {
    metric: scoring.select,
    ...gates && {
      basis: gates.basis,
      gates: gates.gates.filter(({ metric }) => !isFairness(metric)).map(keptGate),
    },
    ...gates && fairness && {
      fairness: gates.gates.filter(({ metric }) => isFairness(metric)).map((gate) => ({
        ...keptGate(gate),
        group: fairness.column,
        ...fairness.edges && { edges: fairness.edges },
        favourable: fairness.favourable,
      })),
    },
    ...folds.test && {
      test_part: {
        data: source.path,
        rows: packProbeRows(folds.test.map((row) => data.kept?.[row] ?? row)),
      },
    },
    probe: {
      inputs: Object.fromEntries(inputs),
      predictions: [...await task.predict(fitted, probe, all)],
    },
  };
}

const isFairness = (metric: string) => Object.hasOwn(fairnessMeasures, metric);

function keptGate({ metric, value, min, max }: KeptGate): KeptGate {
  return {
    ...{ metric, value },
    ...min !== undefined && { min },
    ...max !== undefined && { max },
  };
}
