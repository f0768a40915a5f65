/** Memory for a fixed number of rows, fed to a session again and again. */

import { type InferenceSession, Tensor } from "onnxruntime-node";
import { type ModelColumns, type RankedInput, runParts } from "./runtime.ts";

/** What a model says about the rows of a {@linkcode InputFrame}. */
export interface FramePredictions {
  /** The most probable class of each row; none if the model predicts numbers. */
  readonly labels: readonly string[];
  /** For each score, as the probability of a class, its value in each row. */
  readonly scores: readonly (Float32Array | Float64Array)[];
}

/**
 * The raw values of some rows, written in place: what predicts many small
 * batches need not build a tensor for each of them.
 */
export interface InputFrame {
  /** Number of rows. */
  readonly rows: number;
  /**
   * For each of the model's inputs, in their order, the values of the rows:
   * numbers with NaN for missing, or texts with "" for missing.
   */
  readonly columns: readonly (Float32Array | string[])[];
  /** Predicts what the columns hold; they may be written again once it is done. */
  predict(): Promise<FramePredictions>;
}

/** Makes the memory of `rows` rows, at least 1; `outputs` are those of the scores. */
export function inputFrame(
  session: InferenceSession,
  inputs: readonly RankedInput[],
  outputs: readonly string[],
  rows: number,
): InputFrame {
  const columns = inputs.map(({ kind }) =>
    kind === "text" ? new Array<string>(rows).fill("") : new Float32Array(rows).fill(NaN)
  );
  if (inputs.some(({ rules }) => rules !== undefined)) {
    return { rows, columns, predict: () => predictTexts(session, inputs, outputs, columns) };
  }
  const feeds: Record<string, Tensor> = {};
  inputs.forEach(({ name, kind, rank }, at) => {
    const dims = rank === 2 ? [rows, 1] : [rows];
    feeds[name] = kind === "text"
      ? new Tensor("string", columns[at] as string[], dims)
      : new Tensor("float32", columns[at] as Float32Array, dims);
  });
  return {
    rows,
    columns,
    async predict() {
      const results = await session.run(feeds);
      return {
        labels: (results.label?.data ?? []) as string[],
        scores: outputs.map((output) => results[output].data as Float32Array | Float64Array),
      };
    },
  };
}

/** Texts differ in length, so that their tensors cannot be kept. */
async function predictTexts(
  session: InferenceSession,
  inputs: readonly RankedInput[],
  outputs: readonly string[],
  values: readonly (Float32Array | string[])[],
): Promise<FramePredictions> {
  const columns: ModelColumns = Object.fromEntries(inputs.map(({ name }, k) => [name, values[k]]));
  const labels: string[] = [];
  const scores = outputs.map((): number[] => []);
  let exact = false;
  for await (const { results } of runParts(session, inputs, columns)) {
    labels.push(...(results.label?.data ?? []) as string[]);
    outputs.forEach((output, k) => {
      const { data } = results[output];
      exact ||= data instanceof Float64Array;
      scores[k].push(...data as Float32Array | Float64Array);
    });
  }
  return {
    labels,
    scores: scores.map((own) => exact ? Float64Array.from(own) : Float32Array.from(own)),
  };
}
