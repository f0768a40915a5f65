/** Everything that a comparison found, before any of it is written down. */

import { runTask, type WorkerPool } from "../base/mod.ts";
import { compare, type DriftResult, type DriftSample } from "../drift/mod.ts";
import type { AnswerQuality, Answers } from "./answers/contract.ts";
import { chosenTests } from "./chosen_tests.ts";
import { type CorrelationChange, correlationChange } from "./correlation.ts";
import { type ComparedWindow, comparedWindows } from "./over_time.ts";
import type { DriftParams } from "./params.ts";
import { type ColumnProfiles, profileTask } from "./profile.ts";
import { type MeaningOptions, withMeanings } from "./sides/meaning.ts";
import type { Side, Sides, SkippedColumn } from "./sides/side.ts";
import { type Slices, slicesOf } from "./slices.ts";

/** What was compared and what came of it. */
export interface DriftFindings extends Sides {
  /** The columns, each with its verdict. */
  readonly inputs: DriftResult;
  /** Target, prediction and whatever else the model says; undefined if none can be compared. */
  readonly outputs?: DriftResult;
  /** Each column of both sides, by name. */
  readonly profiles: Readonly<Record<string, ColumnProfiles>>;
  /** The current rows in slices. */
  readonly slices: Slices;
  /** The comparison window by window; empty if rows have no times. */
  readonly windows: readonly ComparedWindow[];
  /** How good the model is; undefined if nothing can be told of it. */
  readonly quality?: AnswerQuality;
  /** Undefined if the reference's rows are gone. */
  readonly correlation?: CorrelationChange;
}

const noAnswers: Answers = { columns: {}, quality: () => undefined };

/** Columns whose correlations are compared: those that changed most. */
const CORRELATED = 25;

/**
 * Compares the sides.
 *
 * @param progress Hears what is under way and the share that is done.
 * @param options How texts are encoded, and what stops it.
 */
export async function findDrift(
  found: Sides,
  { preset, seed, tests, multivariate }: DriftParams,
  pool: WorkerPool,
  progress: (done: number, label: string) => void,
  options: Pick<MeaningOptions, "signal" | "embed"> = {},
): Promise<DriftFindings> {
  // Evidently has no such test.
  const sides = preset === "evidently" ? found : await withMeanings(found, {
    ...options,
    seed,
    onProgress: (done) => progress(0.3 * done, "encoding texts"),
  });
  const { reference, current, model } = sides;
  progress(0.3, "comparing columns");
  const importance = model?.metadata.reference_performance?.column_importance;
  const rules = { preset, seed, tests: chosenTests(tests, reference.sample, current.sample) };
  const inputs = await compare(reference.sample, current.sample, {
    ...rules,
    pool,
    importance,
    multivariate,
  });
  progress(0.6, "comparing predictions");
  const [was, is] = [outputsOf(reference), outputsOf(current)];
  const common = Object.keys(is.columns).some((name) => Object.hasOwn(was.columns, name));
  const outputs = common ? await compare(was, is, { preset, seed }) : undefined;
  progress(0.7, "judging data quality and performance");
  const slices = slicesOf(current.sample.rows, current.times);
  const names = inputs.columns.map(({ column }) => column);
  const profiles = Object.fromEntries(
    await Promise.all(names.map(async (name) => {
      const [was, is] = [reference.sample.columns[name], current.sample.columns[name]];
      // Of texts nothing is looked at, and they would be copied.
      const elsewhere = [was, is].every(({ kind }) => kind !== "text") ? pool : undefined;
      return [name, await runTask(profileTask, { reference: was, current: is }, elsewhere)];
    })),
  );
  const byEffect = [...inputs.columns].sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
  const untested = multivariate && inputs.multivariate === null;
  return {
    ...sides,
    remarks: [
      ...sides.remarks,
      ...untested
        ? ["All columns together were not tested: a classifier needs the rows of both sides."]
        : [],
    ],
    inputs,
    outputs,
    profiles,
    slices,
    windows: await comparedWindows(reference, current, slices, seed),
    quality: current.answers?.quality(slices, reference.answers ?? noAnswers),
    correlation: correlationChange(
      reference.sample,
      current.sample,
      byEffect.map(({ column }) => column).slice(0, CORRELATED),
    ),
  };
}

/** What a model said of a side, as columns. */
function outputsOf({ sample: { rows, groups }, answers = noAnswers }: Side): DriftSample {
  return { rows, columns: answers.columns, groups };
}

/** Columns of either side that were not compared at all, or not their values, and why. */
export function notCompared({ inputs, reference, current }: DriftFindings): SkippedColumn[] {
  const untested = inputs.columns.filter(({ test, drifted }) => test === null && !drifted);
  const found = [
    ...reference.leftOut,
    ...current.leftOut,
    ...untested.map(({ column, note }) => ({ column, why: note ?? "nothing to test" })),
    ...inputs.missing_columns.map((column) => ({ column, why: "in the reference alone" })),
    ...inputs.new_columns.map((column) => ({ column, why: "in the current data alone" })),
  ];
  return [...new Map(found.map((one) => [one.column, one])).values()];
}
