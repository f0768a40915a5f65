/** What can be set on gradient boosting, its defaults and ranges. */

import { fillSettings } from "../base/mod.ts";
import { type CategoricalParams, checkCategorical } from "./categorical.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";

/** Parameters of both gradient boostings, named as XGBoost's and LightGBM's. */
export interface BoostingParams extends CategoricalParams {
  /** Number of rounds, 1 to 10,000; default 100. A round grows a tree for each output. */
  readonly nEstimators?: number;
  /**
   * How trees grow: all nodes of a level ("depthwise", as XGBoost), or always
   * the leaf of the highest gain ("leafwise", as LightGBM). Default "leafwise"
   * where `numLeaves` is given, else "depthwise".
   */
  readonly growth?: "depthwise" | "leafwise";
  /** Most edges between root and leaf, 1 to 30; default 6, or null for no limit leaf-wise. */
  readonly maxDepth?: number | null;
  /** Most leaves of a leaf-wise tree, 2 to 4,096; default 31. */
  readonly numLeaves?: number | null;
  /**
   * Factor on each tree, above 0 to 1; default 0.3, leaf-wise 0.1. For K classes
   * above 2 the hessian is XGBoost's depth-wise and LightGBM's leaf-wise, which
   * is K / (2K − 2) of it: there the same rate takes longer steps.
   */
  readonly learningRate?: number;
  /** L2 penalty on leaf values, 0 or more; default 1, leaf-wise 0. */
  readonly regLambda?: number;
  /** L1 penalty on leaf values, 0 or more; default 0. */
  readonly regAlpha?: number;
  /** Least gain of a split, 0 or more; default 0. */
  readonly gamma?: number;
  /** Least hessian sum of a leaf, 0 or more; default 1, leaf-wise 0.001. */
  readonly minChildWeight?: number;
  /**
   * Fewest rows of a leaf, 1 or more; default 1, leaf-wise 20. As in LightGBM
   * the rows of a side are judged by its share of the hessian.
   */
  readonly minDataInLeaf?: number;
  /** Share of the rows that each round draws, above 0 to 1; default 1. */
  readonly subsample?: number;
  /** Share of the columns that each tree draws, above 0 to 1; default 1. */
  readonly colsample?: number;
  /**
   * For each column whether predictions may only rise (1) or only fall (−1)
   * with it, 0 for neither; null (default) for no constraint. For two classes
   * (the probability of class 1) and regression. For more classes XGBoost and
   * LightGBM make each class's score monotone, which says nothing of any
   * probability: all of them cannot rise at once. Such a fit is refused.
   */
  readonly monotone?: readonly number[] | null;
  /**
   * Rows that a category needs to be in a set at a node, and what raises its
   * hessian if categories are ordered, 0 or more; default 10.
   */
  readonly catSmooth?: number;
  /** L2 penalty of leaves below a set found by that order, beside the other, 0 or more; default 10. */
  readonly catL2?: number;
  /** Most categories in such a set, 1 to 255; default 32. */
  readonly maxCatThreshold?: number;
  /** Up to so many categories, the missing one counted, each is split off alone, 1 or more; default 4. */
  readonly maxCatToOnehot?: number;
  /** Fewest rows by which one set differs from the one before it, and beside it, 1 or more; default 100. */
  readonly minDataPerGroup?: number;
  /**
   * Stops when the validation metric has not improved for so many rounds, 1 or
   * more, and keeps the rounds up to the best; null (default) for never.
   */
  readonly earlyStoppingRounds?: number | null;
  /** Bins of each column, the one of missing values included, 3 to 256; default 256. */
  readonly maxBin?: number;
}

/** All of {@link BoostingParams}, defaults filled in. */
export type FilledBoosting = Required<BoostingParams>;

/**
 * Fills in defaults, XGBoost's for depth-wise growth and LightGBM's for
 * leaf-wise growth, and checks ranges.
 *
 * @param own Defaults of parameters that the learner has beside these.
 * @throws {UsageError} if a parameter does not exist or is out of its range.
 */
export function fillBoosting<Own extends object>(
  params: Partial<FilledBoosting & Own>,
  own: Own,
): FilledBoosting & Own {
  const growth = params.growth ?? (params.numLeaves != null ? "leafwise" : "depthwise");
  if (growth !== "depthwise" && growth !== "leafwise") {
    refuse("growth", growth, '"depthwise" or "leafwise"');
  }
  const leafwise = growth === "leafwise";
  const defaults: Omit<FilledBoosting, "growth"> = {
    nEstimators: 100,
    maxDepth: leafwise ? null : 6,
    numLeaves: leafwise ? 31 : null,
    learningRate: leafwise ? 0.1 : 0.3,
    regLambda: leafwise ? 0 : 1,
    regAlpha: 0,
    gamma: 0,
    minChildWeight: leafwise ? 1e-3 : 1,
    minDataInLeaf: leafwise ? 20 : 1,
    subsample: 1,
    colsample: 1,
    monotone: null,
    categorical: null,
    catSmooth: 10,
    catL2: 10,
    maxCatThreshold: 32,
    maxCatToOnehot: 4,
    minDataPerGroup: 100,
    earlyStoppingRounds: null,
    maxBin: 256,
  };
  const filled = fillSettings<FilledBoosting & Own>(name, { ...defaults, growth, ...own }, params);
  const share = { min: Number.MIN_VALUE, max: 1 };
  const anyNumber = { min: 0, max: Infinity };
  checkRanges(name, filled, {
    nEstimators: { min: 1, max: 10_000, whole: true },
    learningRate: share,
    regLambda: anyNumber,
    regAlpha: anyNumber,
    gamma: anyNumber,
    minChildWeight: anyNumber,
    minDataInLeaf: { min: 1, max: Infinity, whole: true },
    subsample: share,
    colsample: share,
    maxBin: { min: 3, max: 256, whole: true },
    catSmooth: anyNumber,
    catL2: anyNumber,
    maxCatThreshold: { min: 1, max: 255, whole: true },
    maxCatToOnehot: { min: 1, max: Infinity, whole: true },
    minDataPerGroup: { min: 1, max: Infinity, whole: true },
  });
  checkShape(filled, leafwise);
  checkCategorical(name, filled.categorical);
  const { monotone } = filled;
  if (
    monotone !== null && !(Array.isArray(monotone) && monotone.every((d) => [-1, 0, 1].includes(d)))
  ) {
    refuse("monotone", monotone, "a list with −1, 0 or 1 for each column, or null");
  }
  return filled;
}

const name = "GradientBoosting";

function checkShape(params: FilledBoosting, leafwise: boolean): void {
  const { maxDepth, numLeaves, earlyStoppingRounds } = params;
  if (maxDepth !== null || !leafwise) {
    checkRanges(name, { maxDepth }, { maxDepth: { min: 1, max: 30, whole: true } });
  }
  if (leafwise) {
    checkRanges(name, { numLeaves }, { numLeaves: { min: 2, max: 4096, whole: true } });
  } else if (numLeaves !== null) {
    refuse("numLeaves", numLeaves, 'null for depth-wise trees, or set growth to "leafwise"');
  }
  if (earlyStoppingRounds !== null) {
    const range = { min: 1, max: Infinity, whole: true };
    checkRanges(name, { earlyStoppingRounds }, { earlyStoppingRounds: range });
  }
}

function refuse(parameter: string, value: unknown, wanted: string): never {
  refuseParameter(name, parameter, value, wanted);
}
