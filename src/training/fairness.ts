/** Whether a decision falls on groups of people alike, and what it is held to. */

import { DataError, deriveSeed, Random, UsageError } from "../base/mod.ts";
import { type CleanData, isClassTarget } from "../features/mod.ts";
import {
  bootstrapInterval,
  type FairnessMeasure,
  fairnessMeasures,
  fairnessReport,
  groupNames,
} from "../metrics/mod.ts";
import { decidedClasses, type DecisionRule } from "../registry/mod.ts";
import type { Table } from "../dataset/mod.ts";
import type { MetricGate } from "./gate.ts";
import type { ComparisonData } from "./experiment.ts";
import type { HeldOut } from "./held_out.ts";
import { weightsOf } from "./row_weights.ts";

/** By which groups a decision is compared, and what it must reach to be published. */
export interface Fairness {
  /** The raw column that tells the group of a row; it need not be a feature. */
  readonly column: string;
  /** Of a column of numbers, where one group ends and the next begins, rising. */
  readonly edges?: readonly number[];
  /** The class that is good for the person; by default the one that is not positive. */
  readonly favourable?: string;
  /** What each measure must reach. */
  readonly gates?: Partial<Readonly<Record<FairnessMeasure, MetricGate>>>;
}

/** How groups are decided on, from held-out predictions. */
export interface FairnessFindings {
  /** The column that tells the groups. */
  readonly column: string;
  /** Of a column of numbers, where one group ends and the next begins. */
  readonly edges?: readonly number[];
  /** The class that is good for the person. */
  readonly favourable: string;
  /** Each group with its rows and rates. */
  readonly groups: readonly {
    readonly name: string;
    readonly rows: number;
    readonly selectionRate: number;
    readonly truePositiveRate: number;
    readonly impactRatio: number;
  }[];
  /** Share of all rows with a favourable decision. */
  readonly favoured: number;
  /** Each measure with the interval that 95 % of bootstrap resamples lie in. */
  readonly measures: readonly {
    readonly name: FairnessMeasure;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const RESAMPLES = 500;
/** Groups that can be told apart in a table. */
const MOST_GROUPS = 50;

/**
 * Refuses a declaration that contradicts itself.
 *
 * @throws {UsageError} naming what is wrong.
 */
export function checkFairness(
  { edges = [], favourable, gates = {}, column }: Fairness,
  classes: readonly string[],
): void {
  const refuse = (found: string, next: string): never => {
    throw new UsageError(`Cannot judge fairness by "${column}": ${found}`, { next });
  };
  if (classes.length !== 2) refuse("there is no decision between two classes", "leave it out");
  if (favourable !== undefined && !classes.includes(favourable)) {
    refuse(`there is no class "${favourable}"`, `name one of ${classes.join(", ")}`);
  }
  if (edges.some((edge, i) => !Number.isFinite(edge) || edge <= edges[i - 1])) {
    refuse("its edges do not rise", "give numbers in rising order, as edges: [25, 60]");
  }
  const known = Object.keys(fairnessMeasures);
  for (const [name, { min, max }] of Object.entries(gates)) {
    if (!known.includes(name)) refuse(`"${name}" is no measure`, `use ${known.join(", ")}`);
    const bounds = [min, max].filter((bound) => bound !== undefined);
    if (bounds.length === 0 || bounds.some(Number.isNaN) || min! > max!) {
      refuse(`the gate on ${name} has no room`, "give min, max or both");
    }
  }
}

/**
 * Compares how groups are decided on, by predictions of models that had not seen them; rows count
 * by their weights.
 *
 * @param rule From which probability on a row counts as a class; the most probable one without.
 * @throws {DataError} if the column is missing, or tells fewer than two groups or too many.
 */
export function judgeFairness(
  { column, edges, favourable: wanted }: Fairness,
  { set, data, seed }: ComparisonData,
  { rows, predictions }: HeldOut,
  table: Table,
  rule: DecisionRule | undefined,
): FairnessFindings {
  const { target } = set;
  if (!isClassTarget(target)) throw new Error(`Target "${target.column}" has no classes`);
  const positive = target.positive ?? target.classes[1];
  const favourable = wanted ?? target.classes.find((label) => label !== positive)!;
  const good = target.classes.indexOf(favourable);
  const { codes, names } = groupsOf(column, edges, table, data, rows);
  const yTrue = rows.map((row) => Number(data.labels![row] === good));
  const decided = decidedClasses(Float64Array.from(predictions), target.classes, rule)
    .map((code) => Number(code === good));
  const weights = weightsOf(data, rows);
  const weighed = (counts?: ArrayLike<number>) =>
    weights && counts ? weights.map((weight, i) => weight * counts[i]) : counts ?? weights;
  const report = fairnessReport(yTrue, decided, codes, weights);
  const sizes = new Map(
    fairnessReport(yTrue, decided, codes).groups.map(({ group, rows }) => [group, rows]),
  );
  const random = deriveSeed(seed, 8);
  return {
    column,
    ...edges && { edges },
    favourable,
    groups: report.groups.map(({ group, selectionRate, truePositiveRate, impactRatio }) => ({
      name: names[group],
      ...{ rows: sizes.get(group)!, selectionRate, truePositiveRate, impactRatio },
    })),
    favoured: shareOf(decided, weights),
    measures: Object.entries(fairnessMeasures).map(([name, measure]) => {
      const { value, low, high } = bootstrapInterval(
        rows.length,
        (counts) => measure(fairnessReport(yTrue, decided, codes, weighed(counts))),
        new Random(random),
        { resamples: RESAMPLES },
      );
      return { name: name as FairnessMeasure, value, low, high };
    }),
  };
}

/** Share of the weight of rows that are 1. */
function shareOf(marks: readonly number[] | Int32Array, weights: Float32Array | undefined): number {
  let [sum, total] = [0, 0];
  marks.forEach((mark, i) => {
    sum += (weights?.[i] ?? 1) * mark;
    total += weights?.[i] ?? 1;
  });
  return sum / total;
}

/** The measures with the gates that they are held to, each under its name. */
export function fairnessMetrics({ measures, favoured }: FairnessFindings): Record<string, number> {
  return {
    favoured_rate: favoured,
    ...Object.fromEntries(measures.flatMap(({ name, value, low, high }) => [
      [name, value],
      [`${name}_low`, low],
      [`${name}_high`, high],
    ])),
  };
}

/** The group of each held-out row, from the raw column. */
function groupsOf(
  column: string,
  edges: readonly number[] | undefined,
  table: Table,
  { kept }: CleanData,
  rows: Int32Array,
): { readonly codes: Int32Array; readonly names: readonly string[] } {
  if (!Object.hasOwn(table.columns, column)) {
    throw new DataError(`Cannot judge fairness: there is no column "${column}"`, {
      next: `name one of ${Object.keys(table.columns).join(", ")}`,
    });
  }
  const cells = table.columns[column];
  const texts = groupNames(
    Array.from(rows, (row) => cells[kept === undefined ? row : kept[row]]),
    edges,
  );
  const names = [...new Set(texts)].sort();
  if (names.length < 2 || names.length > MOST_GROUPS) {
    throw new DataError(
      `Cannot judge fairness: column "${column}" tells ${names.length} groups, wanted 2 to ` +
        `${MOST_GROUPS}`,
      { next: "name another column, or give edges that part numbers into groups" },
    );
  }
  const codeOf = new Map(names.map((name, code) => [name, code]));
  return { codes: Int32Array.from(texts, (text) => codeOf.get(text)!), names };
}
