/** Deals the rows of a training to folds, and holds a test part out. */

import { deriveSeed, Random, UsageError } from "../base/mod.ts";
import { type CleanData, type FeatureSet, isClassTarget } from "../features/mod.ts";
import type { Fold, Table } from "../dataset/mod.ts";
import type { SplitRows } from "./contract.ts";
import { type Split, splitMethods } from "./splits.ts";
import { readTimes } from "./times.ts";

/** Rows by what they are for. */
export interface Folds {
  /** The folds that candidates are compared on. */
  readonly random: readonly Fold[];
  /** The same rows dealt by whole groups, if the others may split a group. */
  readonly grouped?: readonly Fold[];
  /** Rows that the exported model is fitted to; absent if those are all. */
  readonly training?: Int32Array;
  /** Rows that nothing is learned from or chosen by. */
  readonly test?: Int32Array;
}

/**
 * Deals the rows of `data`, so that data too small for the folds is refused before
 * anything is trained.
 *
 * @param table The raw rows, for a column of times.
 * @throws {UserError} if the split does not fit the data.
 */
export function dealFolds(
  set: FeatureSet,
  data: CleanData,
  split: Split,
  { folds, seed, table }: {
    readonly folds: number;
    readonly seed: number;
    readonly table?: Table;
  },
): Folds {
  const method = splitMethods[split.kind];
  const whole = splitRows(set, data, split, table);
  const missing = method.needs.find((name) => whole[name] === undefined);
  if (missing !== undefined) {
    throw new UsageError(
      `Cannot split "${split.kind}": ` +
        (missing === "groups" ? "the features declare no group" : "the target has no classes"),
      { next: missing === "groups" ? 'add group: "column"' : 'use "plain" or "grouped"' },
    );
  }
  const { test: share } = split;
  if (share !== undefined && !(share > 0 && share < 1)) {
    throw new UsageError(`Cannot hold out a test part of ${share}`, {
      next: "give a share above 0 and below 1, as in test: 0.2",
    });
  }
  const test = share === undefined
    ? undefined
    : method.holdOut(whole, share, new Random(deriveSeed(seed, 6)));
  const training = test && rowsWithout(data.rows, test);
  const rows = training ? partOf(whole, training) : whole;
  const back = (dealt: readonly Fold[]): readonly Fold[] =>
    training === undefined ? dealt : dealt.map(({ train, test }) => ({
      train: train.map((row) => training[row]),
      test: test.map((row) => training[row]),
    }));
  const count = split.folds ?? folds;
  const { repeats = 1 } = split;
  if (!(Number.isInteger(repeats) && repeats >= 1 && repeats <= 100)) {
    throw new UsageError(`Cannot repeat a cross-validation ${repeats} times`, {
      next: "give a whole number from 1 to 100, as in repeats: 3",
    });
  }
  if (repeats > 1 && split.kind === "time") {
    throw new UsageError("Cannot repeat a split along time: it is the same each time", {
      next: "leave repeats out",
    });
  }
  const random = Array.from({ length: repeats }, (_, repeat) => {
    const own = repeat === 0 ? seed : deriveSeed(seed, 14, repeat);
    return back(method.deal(rows, { folds: count, random: new Random(own) }));
  }).flat();
  const parts = { ...training && { training }, ...test && { test } };
  const { groups } = rows;
  const keepsGroups = (method.needs as readonly string[]).includes("groups");
  const shared = groups !== undefined && new Set(groups).size < groups.length;
  if (!shared || keepsGroups || split.kind === "time") return { random, ...parts };
  const byGroup = splitMethods[rows.labels ? "stratifiedGrouped" : "grouped"];
  const grouped = back(byGroup.deal(rows, { folds: count, random: new Random(seed) }));
  return { random, grouped, ...parts };
}

/**
 * Deals the training rows of a fold again, as {@link dealFolds} dealt all.
 *
 * @throws {UserError} if they are too few for the folds.
 */
export function dealWithin(
  set: FeatureSet,
  data: CleanData,
  split: Split,
  train: Int32Array,
  { folds, seed, table }: {
    readonly folds: number;
    readonly seed: number;
    readonly table?: Table;
  },
): readonly Fold[] {
  const rows = partOf(splitRows(set, data, split, table), train);
  const dealt = splitMethods[split.kind].deal(rows, {
    folds: split.folds ?? folds,
    random: new Random(seed),
  });
  return dealt.map((fold) => ({
    train: fold.train.map((row) => train[row]),
    test: fold.test.map((row) => train[row]),
  }));
}

function splitRows(
  { target }: FeatureSet,
  data: CleanData,
  split: Split,
  table: Table | undefined,
): SplitRows {
  return {
    rows: data.rows,
    labels: data.labels,
    groups: data.groups,
    ...isClassTarget(target) && { classNames: target.classes },
    ...split.kind === "time" && { times: readTimes(table!, split.column, data.kept) },
  };
}

function rowsWithout(rows: number, test: Int32Array): Int32Array {
  const held = new Set(test);
  return Int32Array.from({ length: rows }, (_, row) => row).filter((row) => !held.has(row));
}

function partOf(whole: SplitRows, rows: Int32Array): SplitRows {
  const { labels, groups, times } = whole;
  return {
    ...whole,
    rows: rows.length,
    ...labels && { labels: rows.map((row) => labels[row]) },
    ...groups && { groups: rows.map((row) => groups[row]) },
    ...times && { times: Float64Array.from(rows, (row) => times[row]) },
  };
}
