/** A part of a table's rows scored in a worker: read, predicted and written in bounded memory. */

import { task } from "../base/mod.ts";
import { SampleSketch, type SketchedSample } from "../drift/mod.ts";
import { decidedClasses, givesNumber, type ModelMetadata } from "../registry/mod.ts";
import { parquet, type WrittenColumn } from "../table/mod.ts";
import { columnsOfState, driftViews } from "../features/mod.ts";
import { cleanSlice } from "./clean_slice.ts";
import { openScorer, type Scorer } from "./open_scorer.ts";

/** Rows of one file that belong to a part. */
export interface Segment {
  readonly path: string;
  readonly from: number;
  readonly rows: number;
}

/** What a part is. */
export interface PartJob {
  /** Path of the ONNX file. */
  readonly model: string;
  /** What was written beside it, as it is deployed. */
  readonly metadata: ModelMetadata;
  readonly segments: readonly Segment[];
  /** Rows that are held at a time, 1 or more. */
  readonly chunk: number;
  /** Columns that are written again beside the predictions. */
  readonly keep: readonly string[];
  /** Whether statistics of the rows are gathered. */
  readonly sketch: boolean;
  /** Path of the Parquet file to write. */
  readonly out: string;
}

/** What a part came to. */
export interface ScoredPart {
  readonly rows: number;
  /** Rows by predicted class; absent of numbers. */
  readonly counts?: readonly number[];
  /** Sum of the predicted numbers, or of each class's probabilities. */
  readonly sums: readonly number[];
  /** Statistics of the columns, where they were asked for; they merge. */
  readonly sample?: SketchedSample;
}

/** Models that this thread has opened, by path and digest. */
const opened = /* @__MEMO__ */ new Map<string, Promise<Scorer>>();

/** Scores a part and writes it. */
export const scorePart = task(
  import.meta.url,
  "scorePart",
  async (job: PartJob, { progress }): Promise<ScoredPart> => {
    const { model, metadata, segments, chunk, keep, sketch, out } = job;
    const key = `${model} ${metadata.model_digest}`;
    let opening = opened.get(key);
    if (opening === undefined) opened.set(key, opening = openScorer(model, metadata));
    const score = await opening;
    const { feature_state: state, class_labels: classes } = metadata;
    const read = [...new Set([...state.columns.map(({ name }) => name), ...keep])];
    const all = segments.reduce((sum, { rows }) => sum + rows, 0);
    const isClass = !givesNumber(metadata.task);
    const outputs = isClass ? classes.length : 1;
    const scores = isClass ? classes.map(() => new Float32Array(all)) : [new Float64Array(all)];
    const labels = new Int32Array(isClass ? all : 0);
    const { readSlice, writeParquet } = await parquet();
    const kept = [];
    const sample = new SampleSketch();
    const specs = columnsOfState(state);
    let done = 0;
    for (const { path, from, rows } of segments) {
      for (let at = 0; at < rows; at += chunk) {
        const slice = readSlice(path, read, from + at, Math.min(chunk, rows - at));
        const data = cleanSlice(state, slice);
        const found = await score(data);
        for (let k = 0; k < outputs; k++) {
          scores[k].set(found.subarray(k * data.rows, (k + 1) * data.rows), done);
        }
        if (isClass) labels.set(decidedClasses(found, classes, metadata.decision), done);
        if (sketch) sample.add({ rows: data.rows, columns: driftViews(specs, data, state) });
        if (keep.length > 0) kept.push(slice.frame.select(...keep));
        done += data.rows;
        progress(done / all);
      }
    }
    const columns: WrittenColumn[] = isClass
      ? [
        { name: "prediction", codes: labels, names: classes },
        ...classes.map((name, k) => ({ name: `probability_${name}`, values: scores[k] })),
      ]
      : [{ name: "prediction", values: scores[0] }];
    await writeParquet(out, columns, kept);
    const counts = new Array<number>(outputs).fill(0);
    for (const label of labels) counts[label]++;
    return {
      rows: all,
      ...isClass && { counts },
      sums: scores.map(sumOf),
      ...sketch && { sample: sample.sample() },
    };
  },
);

function sumOf(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
