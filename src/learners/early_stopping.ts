/** Boostings that hold out the rows by which they stop. */

import { fillSettings } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { ValidationRows } from "./boosting_rounds.ts";
import type { LearnerParams, RegressionOptions } from "./contract.ts";
import { holdOut, type Targets } from "./held_out.ts";
import { checkRanges } from "./parameters.ts";

/** When a boosting stops adding rounds; plain data. */
export interface EarlyStopping {
  /** Stops when the validation metric has not improved for so many rounds, 1 to 10,000. */
  readonly rounds: number;
  /** Share of the training rows that are held out to validate on, above 0 to 0.9; default 0.1. */
  readonly share?: number;
}

/** @throws {UsageError} if a setting does not exist or is out of its range. */
export function fillEarlyStopping(owner: string, given: EarlyStopping): Required<EarlyStopping> {
  const name = `earlyStopping of ${owner}`;
  const defaults: Required<EarlyStopping> = { rounds: NaN, share: 0.1 };
  const filled = fillSettings(name, defaults, given);
  checkRanges(name, filled, {
    rounds: { min: 1, max: 10_000, whole: true },
    share: { min: Number.MIN_VALUE, max: 0.9 },
  });
  return filled;
}

/** What can be given validation rows. */
interface Watched<Y, Options, Model> {
  readonly name: string;
  readonly params: LearnerParams;
  fit(X: Matrix, y: Y, options: Options): Promise<Model>;
}

/**
 * A boosting that holds out a share of its training rows, of each class the
 * same or whole `groups`, unless a fit is given validation rows: it learns from
 * the others and stops by these. Where rows were sampled before the fit, copies
 * of one row would be on both sides: give such a fit validation rows.
 *
 * Source: scikit-learn `HistGradientBoostingClassifier(early_stopping=True)`.
 */
export function stoppingEarly<
  Y extends Targets,
  Options extends RegressionOptions & { readonly validation?: ValidationRows<Y> },
  Model,
>(
  { name, params, fit }: Watched<Y, Options, Model>,
  share: number,
): Watched<Y, Options, Model> {
  return {
    name,
    params: { ...params, earlyStoppingShare: share },
    fit(X, y, options) {
      if (options.validation) return fit(X, y, options);
      const divided = holdOut(X, y, options, share);
      return fit(divided.X, divided.y, divided.options);
    },
  };
}
