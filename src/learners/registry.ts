/**
 * Learners by name, made from plain data; adding one is its file and a line in two tables here.
 * A step that says which kinds it uses depends on the code of these alone.
 */

import { checkKnownNames, checkSettings, lookUp, UsageError } from "../base/mod.ts";
import { calibrated, type CalibrationParams } from "./calibration/calibrated.ts";
import type { ClassWeight } from "./class_weight.ts";
import type { Classifier, Learner, RegressionModel, Regressor } from "./contract.ts";
import { type EarlyStopping, fillEarlyStopping, stoppingEarly } from "./early_stopping.ts";
import { dummy, dummyRegressor } from "./dummy.ts";
import { elasticNet } from "./elastic_net.ts";
import { extraTrees, extraTreesRegressor } from "./extra_trees.ts";
import {
  type BoostingLearner,
  gradientBoosting,
  type GradientBoostingParams,
} from "./gradient_boosting.ts";
import { gradientBoostingRegressor } from "./gradient_boosting_regressor.ts";
import { linearRegression } from "./linear_regression.ts";
import { linearSvm } from "./linear_svm.ts";
import { logisticRegression } from "./logistic_regression.ts";
import { kNeighbors, kNeighborsRegressor } from "./neighbors/k_neighbors.ts";
import { randomForest } from "./random_forest.ts";
import { randomForestRegressor } from "./random_forest_regressor.ts";

/** Settings that stand beside a learner's parameters, because they speak of the data. */
export interface DataSettings {
  /** How much each class counts. */
  readonly classWeight?: ClassWeight;
  /** −1, 0 or 1 for each column of the matrix, or null. */
  readonly monotone?: readonly number[] | null;
  /** Columns of the matrix that hold codes of categories, or null. */
  readonly categorical?: readonly number[] | null;
  /** When a boosting stops adding rounds, or null for never. */
  readonly earlyStopping?: EarlyStopping | null;
}

/** How a kind is made, and which settings stand beside its parameters. */
export interface LearnerEntry<Params, Made, Beside extends keyof DataSettings> {
  /** Makes it of its parameters and those settings. */
  readonly make: (params: Params, beside: DataSettings) => Made;
  /** Names of the settings. */
  readonly beside: readonly Beside[];
}

function entry<Params, Made, Beside extends keyof DataSettings>(
  make: (params: Params) => Made,
  beside: readonly Beside[],
  stopEarly?: (made: Made, share: number) => Made,
): LearnerEntry<Params, Made, Beside> {
  return {
    beside,
    make(params, { earlyStopping, ...own }) {
      if (!earlyStopping || !stopEarly) return make({ ...params, ...own });
      const { rounds, share } = fillEarlyStopping("the learner", earlyStopping);
      return stopEarly(make({ ...params, ...own, earlyStoppingRounds: rounds }), share);
    },
  };
}

type Settings = Readonly<Record<string, readonly (keyof DataSettings)[]>>;

// What learners take is told apart from the learners, so that who asks for it reaches none.
const learnerSettings = {
  randomForest: ["classWeight", "categorical"],
  gradientBoosting: ["classWeight", "monotone", "categorical", "earlyStopping"],
  extraTrees: ["classWeight", "categorical"],
  logisticRegression: ["classWeight"],
  linearSvm: ["classWeight"],
  kNeighbors: ["classWeight"],
  dummy: ["classWeight"],
} as const satisfies Settings;

const regressorSettings = {
  randomForest: ["categorical"],
  gradientBoosting: ["monotone", "categorical", "earlyStopping"],
  extraTrees: ["categorical"],
  linearRegression: [],
  elasticNet: [],
  kNeighbors: [],
  dummy: [],
} as const satisfies Settings;

/** The classifiers by their kinds. */
export const learnersByKind = {
  randomForest: entry(randomForest, learnerSettings.randomForest),
  gradientBoosting: entry(
    gradientBoosting as (params?: GradientBoostingParams) => BoostingLearner,
    learnerSettings.gradientBoosting,
    stoppingEarly,
  ),
  extraTrees: entry(extraTrees, learnerSettings.extraTrees),
  logisticRegression: entry(logisticRegression, learnerSettings.logisticRegression),
  linearSvm: entry(linearSvm, learnerSettings.linearSvm),
  kNeighbors: entry(kNeighbors, learnerSettings.kNeighbors),
  dummy: entry(dummy, learnerSettings.dummy),
};

/** The regressions by their kinds. */
export const regressorsByKind = {
  randomForest: entry(randomForestRegressor, regressorSettings.randomForest),
  gradientBoosting: entry(
    gradientBoostingRegressor,
    regressorSettings.gradientBoosting,
    stoppingEarly,
  ),
  extraTrees: entry(extraTreesRegressor, regressorSettings.extraTrees),
  linearRegression: entry(linearRegression, regressorSettings.linearRegression),
  elasticNet: entry(elasticNet, regressorSettings.elasticNet),
  kNeighbors: entry(kNeighborsRegressor, regressorSettings.kNeighbors),
  dummy: entry(dummyRegressor, regressorSettings.dummy),
};

/** Kind, parameters and the settings beside them, as plain data, of each entry. */
export type SpecOf<Entries> = {
  [Kind in keyof Entries & string]: Entries[Kind] extends
    LearnerEntry<infer Params, infer _, infer Beside> ?
      & {
        /** Which learner. */
        readonly kind: Kind;
        /** Its parameters; defaults if they are left out. */
        readonly params?: Omit<
          NonNullable<Params>,
          keyof DataSettings | "earlyStoppingRounds"
        >;
      }
      & Pick<DataSettings, Beside>
    : never;
}[keyof Entries & string];

/** A classifier to fit, as plain data that survives JSON. */
export type LearnerSpec = SpecOf<typeof learnersByKind> & {
  /** How its probabilities are calibrated; null or left out for not at all. */
  readonly calibration?: CalibrationParams | null;
};

/** A regression to fit, as plain data that survives JSON. */
export type RegressorSpec = SpecOf<typeof regressorsByKind>;

/** The kinds that {@link learnerOf} knows. */
export const learnerKinds: readonly LearnerSpec["kind"][] = kindsOf(learnersByKind);

/** The kinds that {@link regressorOf} knows. */
export const regressorKinds: readonly RegressorSpec["kind"][] = kindsOf(regressorsByKind);

/** Whether learners of a kind, of either task, have a setting beside their parameters. */
export function takesSetting(kind: string, setting: keyof DataSettings): boolean {
  return ([learnerSettings, regressorSettings] as Settings[]).some((settings) =>
    Object.hasOwn(settings, kind) && settings[kind].includes(setting)
  );
}

/** The classifiers that read columns which hold bags of terms, as those of texts. */
export const bagReaders: readonly string[] = [
  "logisticRegression",
  "linearSvm",
  "dummy",
] satisfies LearnerSpec["kind"][];

/** The learners that look at no column, and so read any. */
export const lookAtNothing: readonly string[] = ["dummy"] satisfies LearnerSpec["kind"][];

/** A classifier that may be given rows to stop by, which others than boostings do not read. */
export interface SpecifiedLearner extends Learner<Classifier> {
  /** Fits the learner; see {@link Learner.fit}. */
  fit(...args: Parameters<ReturnType<typeof gradientBoosting>["fit"]>): Promise<Classifier>;
}

/** A regression that may be given rows to stop by, which others than boostings do not read. */
export interface SpecifiedRegressor extends Regressor<RegressionModel> {
  /** Fits the regression; see {@link Regressor.fit}. */
  fit(
    ...args: Parameters<ReturnType<typeof gradientBoostingRegressor>["fit"]>
  ): Promise<RegressionModel>;
}

/**
 * The classifier that plain data specifies.
 *
 * @throws {UsageError} if a kind, parameter or setting does not exist (with
 * the one that may have been meant), or is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { name, params } = learnerOf({
 *   kind: "gradientBoosting",
 *   params: { learningRate: 0.05 },
 *   monotone: [1, 0],
 *   earlyStopping: { rounds: 50, share: 0.2 },
 * });
 * assertEquals(name, "GradientBoosting");
 * assertEquals([params.learningRate, params.nEstimators], [0.05, 100]);
 * ```
 */
export function learnerOf(spec: LearnerSpec): SpecifiedLearner {
  const learner = make("learner", /* @__CHOSEN__ */ learnersByKind, spec) as Parameters<
    typeof calibrated
  >[0];
  return spec.calibration ? calibrated(learner, spec.calibration) : learner;
}

/**
 * The regression that plain data specifies.
 *
 * @throws {UsageError} if a kind, parameter or setting does not exist (with
 * the one that may have been meant), or is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(regressorOf({ kind: "linearRegression" }).params, { alpha: 0 });
 * ```
 */
export function regressorOf(spec: RegressorSpec): SpecifiedRegressor {
  return make("regressor", /* @__CHOSEN__ */ regressorsByKind, spec) as SpecifiedRegressor;
}

// deno-lint-ignore no-explicit-any -- the parameters of each kind differ
type Entries = Readonly<Record<string, LearnerEntry<any, unknown, keyof DataSettings>>>;

function make(
  what: "learner" | "regressor",
  entries: Entries,
  spec: { readonly kind: string; readonly params?: object; readonly calibration?: unknown },
): unknown {
  checkSettings(`a ${what}`, spec);
  const { kind, params, calibration: _, ...settings } = spec;
  const { make, beside } = lookUp(`kind of ${what}`, kind, entries);
  const owner = `the ${what} ${kind}`;
  const known = what === "learner" ? [...beside, "calibration"] : beside;
  checkKnownNames(owner, spec, ["kind", "params", ...known]);
  checkSettings(owner, params ?? {});
  const given = Object.keys(params ?? {});
  const misplaced = ["earlyStoppingRounds", ...beside].find((name) => given.includes(name));
  if (misplaced !== undefined) {
    throw new UsageError(`Cannot set ${misplaced} of ${owner} among its params`, {
      next: misplaced === "earlyStoppingRounds"
        ? "give earlyStopping: { rounds, share } beside params"
        : `give ${misplaced} beside params`,
    });
  }
  return make(params ?? {}, settings);
}

function kindsOf<Known extends object>(entries: Known): (keyof Known & string)[] {
  return Object.keys(entries) as (keyof Known & string)[];
}
