/** Parameters that forests of any target have in common. */

import { UsageError } from "../base/mod.ts";
import { type CategoricalParams, checkCategorical } from "./categorical.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";

/** Parameters of a random forest, named as scikit-learn's. */
export interface ForestParams extends CategoricalParams {
  /** Number of trees, 1 to 10,000; default 100. */
  readonly nEstimators?: number;
  /** Most edges between root and leaf, 1 or more; null (default) for no limit. */
  readonly maxDepth?: number | null;
  /** Fewest rows of a node that is split, 2 or more; default 2. */
  readonly minSamplesSplit?: number;
  /** Fewest rows of a leaf, 1 or more; default 1. */
  readonly minSamplesLeaf?: number;
  /**
   * Features drawn at each node: the root or the binary logarithm of their
   * number, all, a whole number of 1 or more, or a share of them below 1.
   */
  readonly maxFeatures?: "sqrt" | "log2" | "all" | number;
  /** Whether each tree draws its own rows with replacement; default true, of extra trees false. */
  readonly bootstrap?: boolean;
  /**
   * Rows that each tree draws: a whole number of 1 or more, or a share of them
   * below 1; null (default) for as many as there are. Only with `bootstrap`.
   */
  readonly maxSamples?: number | null;
  /** Whether to score each row by the trees that have not seen it; default false. */
  readonly oobScore?: boolean;
}

/** Forests that differ in how their trees are cut. */
export type ForestKind = "RandomForest" | "ExtraTrees";

/** The defaults of scikit-learn; `maxFeatures` depends on the target. */
export const forestDefaults = {
  nEstimators: 100,
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxSamples: null,
  oobScore: false,
  categorical: null,
} as const satisfies ForestParams;

/** Random forests draw the rows of each tree unless told otherwise; extra trees see all. */
export const bootstraps = (kind: ForestKind): boolean => kind === "RandomForest";

/** @throws {UsageError} naming the first parameter that is out of its range. */
export function checkForestParams(learner: ForestKind, params: Required<ForestParams>): void {
  const { maxDepth, maxFeatures, maxSamples, bootstrap } = params;
  const whole = { max: Infinity, whole: true };
  checkRanges(learner, params, {
    nEstimators: { min: 1, max: 10_000, whole: true },
    minSamplesSplit: { min: 2, ...whole },
    minSamplesLeaf: { min: 1, ...whole },
  });
  checkCategorical(learner, params.categorical);
  if (maxDepth !== null) checkRanges(learner, { maxDepth }, { maxDepth: { min: 1, ...whole } });
  for (const name of ["bootstrap", "oobScore"] as const) {
    if (typeof params[name] === "boolean") continue;
    refuseParameter(learner, name, params[name], "true or false");
  }
  const named = maxFeatures === "sqrt" || maxFeatures === "log2" || maxFeatures === "all";
  const amount = "a whole number of 1 or more or a share above 0 and below 1";
  if (!named && !isAmount(maxFeatures)) {
    refuseParameter(learner, "maxFeatures", maxFeatures, `"sqrt", "log2", "all", ${amount}`);
  }
  if (maxSamples !== null && !isAmount(maxSamples)) {
    refuseParameter(learner, "maxSamples", maxSamples, `null, ${amount}`);
  }
  for (const name of ["maxSamples", "oobScore"] as const) {
    if (bootstrap || params[name] === null || params[name] === false) continue;
    refuseParameter(learner, name, params[name], "it with bootstrap: true, or leave it out");
  }
}

function isAmount(value: unknown): value is number {
  if (typeof value !== "number") return false;
  return Number.isInteger(value) ? value >= 1 : value > 0 && value < 1;
}

/**
 * Number of features that are drawn at each node.
 *
 * @throws {UsageError} if more are asked for than there are.
 */
export function countFeatures(
  maxFeatures: Required<ForestParams>["maxFeatures"],
  columns: number,
): number {
  if (maxFeatures === "all") return columns;
  if (maxFeatures === "sqrt") return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === "log2") return Math.max(1, Math.floor(Math.log2(columns)));
  if (maxFeatures < 1) return Math.max(1, Math.floor(maxFeatures * columns));
  if (maxFeatures <= columns) return maxFeatures;
  throw new UsageError(
    `Cannot draw ${maxFeatures} features at each node: the matrix has ${columns} columns`,
    { next: `set maxFeatures to a number from 1 to ${columns}, "sqrt", "log2" or "all"` },
  );
}

/**
 * Number of rows that each tree draws with replacement, undefined if it takes all.
 *
 * @param rows Number of rows with weight.
 * @throws {UsageError} if more are asked for than there are.
 */
export function countDraws(
  { bootstrap, maxSamples }: Pick<Required<ForestParams>, "bootstrap" | "maxSamples">,
  rows: number,
): number | undefined {
  if (!bootstrap) return undefined;
  if (maxSamples === null) return rows;
  if (maxSamples < 1) return Math.max(1, Math.round(maxSamples * rows));
  if (maxSamples <= rows) return maxSamples;
  throw new UsageError(
    `Cannot draw ${maxSamples} rows for each tree: there are ${rows} rows with weight`,
    { next: `set maxSamples to a number from 1 to ${rows}, a share below 1 or null` },
  );
}
