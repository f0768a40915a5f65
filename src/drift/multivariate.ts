/** Whether all columns together tell the two samples apart, though none may alone. */

import { Random } from "../base/mod.ts";
import {
  categoryFeatures,
  type ColumnFeatures,
  type FeatureValue,
  rankFeatures,
} from "./column_features.ts";
import { firstOfEach } from "./effective_sample_size.ts";
import type { MultivariateDrift } from "./result.ts";
import type { DriftSample } from "./sample.ts";
import type { StatisticHead } from "./statistics/contract.ts";
import { separate } from "./statistics/domain_classifier.ts";
import type { SparseRow } from "./statistics/sparse_logistic.ts";

/** Rows of each side that are looked at. */
const MOST_ROWS = 2000;
const FEWEST_ROWS = 8;
/** Columns that are looked at; of more, a random choice. */
const MOST_COLUMNS = 100;
/** Columns of numbers whose products are features: they show that a correlation changed. */
const MOST_FACTORS = 30;

/** What the statistic says of itself; the threshold is that of its p-value. */
export const domainClassifierHead: StatisticHead = {
  name: "domain_classifier",
  kinds: ["number", "category"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "changes of several columns together, such as a correlation that turned",
};

/**
 * Tells the samples apart by a logistic regression on the ranks, bins,
 * categories and products of ranks of all columns of numbers and categories.
 *
 * @param names Columns that both sides have.
 * @param level Chance of a false alarm.
 * @returns What was found; null if fewer than two columns or 8 rows are at hand.
 */
export function multivariateDrift(
  reference: DriftSample,
  current: DriftSample,
  names: readonly string[],
  level: number,
  seed: number,
): MultivariateDrift | null {
  const random = new Random(seed);
  const rows = [someRows(reference, random), someRows(current, random)] as const;
  if (Math.min(rows[0].length, rows[1].length) < FEWEST_ROWS) return null;
  const columns: ColumnFeatures[] = [];
  for (const name of random.shuffle([...names]).slice(0, MOST_COLUMNS)) {
    const [r, c] = [reference.columns[name], current.columns[name]];
    if (r.kind === "number" && c.kind === "number" && "values" in r && "values" in c) {
      columns.push(rankFeatures([r, c], rows));
    } else if (r.kind === "category" && c.kind === "category" && "codes" in r && "codes" in c) {
      columns.push(categoryFeatures([r, c], rows));
    }
  }
  if (columns.length < 2) return null;
  const { sparse, features } = joined(columns);
  const ofReference = rows[0].length;
  const { score, pValue } = separate(
    sparse.slice(0, ofReference),
    sparse.slice(ofReference),
    features,
    seed,
  );
  return { test: domainClassifierHead.name, score, p_value: pValue, drifted: pValue <= level };
}

/** Rows in random order; of each group only one, as the test takes rows for independent. */
function someRows({ rows, groups }: DriftSample, random: Random): Int32Array {
  const order = random.shuffle(Int32Array.from({ length: rows }, (_, i) => i));
  return (groups ? firstOfEach(groups, order) : order).subarray(0, MOST_ROWS);
}

/** The features of all columns side by side, and the products of ranks behind them. */
function joined(columns: readonly ColumnFeatures[]): { sparse: SparseRow[]; features: number } {
  const starts: number[] = [];
  let features = 0;
  for (const { size } of columns) {
    starts.push(features);
    features += size;
  }
  const factors = columns.flatMap(({ scores }) => scores ? [scores] : []).slice(0, MOST_FACTORS);
  const sparse = columns[0].entries.map((_, row): SparseRow => {
    const found: FeatureValue[] = columns.flatMap(({ entries }, column) =>
      entries[row].map(([feature, value]): FeatureValue => [starts[column] + feature, value])
    );
    let product = features;
    for (let a = 0; a < factors.length; a++) {
      for (let b = 0; b < a; b++, product++) {
        const value = factors[a][row] * factors[b][row];
        if (!Number.isNaN(value)) found.push([product, value]);
      }
    }
    return {
      indices: Int32Array.from(found, ([feature]) => feature),
      values: Float32Array.from(found, ([, value]) => value),
    };
  });
  return { sparse, features: features + factors.length * (factors.length - 1) / 2 };
}
