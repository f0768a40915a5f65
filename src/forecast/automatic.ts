/** The forecast that the past speaks for, with honest intervals. */

import { DataError, lookUp, UsageError } from "../base/mod.ts";
import { drift, seasonalNaive } from "./baselines.ts";
import { blend, crossBlended, meanError, usualCandidates } from "./blend.ts";
import { boosted, type Boosting } from "./boosted.ts";
import {
  type ConformalErrors,
  conformalWidths,
  latestConformalErrors,
  latestOrigins,
} from "./conformal.ts";
import type { AnyForecastMethod, ForecastMethod } from "./contract.ts";
import { decomposed, decomposedTheta } from "./decomposed.ts";
import { ets } from "./ets.ts";
import { harmonic } from "./harmonic.ts";
import {
  type AnyScaledMethod,
  fitAnyScaled,
  fitScaled,
  forecastScaled,
  originsOf,
  rollingForecasts,
  type ScaledMethod,
  type ScaledModel,
} from "./rolling_forecasts.ts";
import { prophet, type StanOptimizer } from "./prophet.ts";
import { guerreroLambda, type SeriesScale } from "./scale.ts";
import { theta } from "./theta.ts";

/** Beyond this, and below one over it, sums of squares and their products are no numbers. */
const LARGEST = 1e100;

/** What candidates are chosen by. */
export interface CandidateOptions {
  /** Steps of the seasons, the shortest first; 1 for none. */
  readonly seasons: readonly number[];
  /** Names of the methods to try, as `["ets", "theta"]`; all by default. */
  readonly methods?: readonly string[];
  /** Scales to try where values suit; all three by default. */
  readonly scales?: readonly SeriesScale["kind"][];
  /** Learns from lags and the calendar: with it `boosted` is a candidate too. */
  readonly boosting?: Boosting;
  /** Finds the mode of Prophet's model: with it `prophet` is a candidate too. */
  readonly stan?: StanOptimizer;
}

/** What is to be forecast. */
export interface AutomaticOptions extends CandidateOptions {
  /** Steps ahead, 1 or more. */
  readonly horizon: number;
  /**
   * Earlier times at most at which candidates are compared, 2 or more; default 24. With 0 the first
   * candidate that fits is taken as it is, without intervals.
   */
  readonly origins?: number;
  /** Keeps what was said at the earlier times, by which intervals of sums are drawn. */
  readonly keepPast?: boolean;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** A fitted forecast, plain data. */
export interface AutomaticModel {
  /** The seasons that it was fitted with. */
  readonly seasons: readonly number[];
  /** Fitted methods with their weights, which add up to 1. */
  readonly members: readonly (ScaledModel & { readonly weight: number })[];
  /** Mean absolute error of each candidate over the past origins, by name, the least first. */
  readonly errors: Readonly<Record<string, number>>;
  /** That of the blend. */
  readonly error: number;
  /** By which intervals are drawn; undefined if the past is too short to tell. */
  readonly past?: ConformalErrors;
  /** What would have been said at earlier times, if it was to be kept; the earliest first. */
  readonly said?: readonly PastSaying[];
}

/** What the choice would have said once, made without that time. */
export interface PastSaying {
  /** Values that were known. */
  readonly origin: number;
  /** Forecasts of those that followed, shape [horizon]. */
  readonly values: readonly number[];
}

/**
 * Fits every method on every scale that suits, asks what each would have said at earlier times,
 * takes the one that was nearest, or blends it with those of other families that were nearly as
 * near, and keeps how far that was off. A series without a past that is long enough goes on as its last season.
 *
 * @param y Finite values at even steps, the latest last.
 * @throws {DataError} for fewer than three values, values that are not finite, or the largest of
 * which is beyond 1e100 or below 1e-100.
 * @throws {UsageError} for a horizon or a season that is none.
 */
export async function fitAutomatic(
  y: Float64Array,
  options: AutomaticOptions,
): Promise<AutomaticModel> {
  const { horizon, seasons, origins: most = 24, keepPast = false, signal, onProgress } = options;
  if (!(Number.isInteger(horizon) && horizon >= 1)) {
    throw new UsageError(`Cannot forecast ${horizon} steps`, {
      next: "give a whole number of 1 or more",
    });
  }
  if (!(Number.isInteger(most) && (most >= 2 || most === 0))) {
    throw new UsageError(`Cannot compare candidates at ${most} earlier times`, {
      next: "give a whole number of 2 or more",
    });
  }
  if (seasons.length === 0 || !seasons.every((season) => season >= 1)) {
    throw new UsageError(`Cannot use seasons of ${seasons.join(", ") || "no"} steps`, {
      next: "give numbers of 1 or more; 1 means none",
    });
  }
  if (y.length < 3 || !y.every(Number.isFinite)) {
    throw new DataError(
      `Cannot forecast a series of ${y.length} values` +
        (y.length < 3 ? "" : ", of which one is not finite"),
      { next: "give at least three finite values" },
    );
  }
  const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest > LARGEST || (largest > 0 && largest < 1 / LARGEST)) {
    throw new DataError(`Cannot forecast values as ${largest}: their squares leave the range`, {
      next: `give them in another unit, the largest between ${1 / LARGEST} and ${LARGEST}`,
    });
  }
  const season = Math.round(seasons[0]);
  const candidates = candidatesOf(y, season, options);
  const origins = originsOf(y.length, horizon, most, season);
  const same = y.every((value) => value === y[0]);
  if (most === 0 && !same) {
    const first = await firstThatFits(candidates, y, season, horizon, signal);
    if (first !== undefined) return { seasons, members: [first], errors: {}, error: NaN };
  }
  const compared = origins.length < 2 || same
    ? []
    : await rollingForecasts(candidates, y, season, { horizon, origins, signal, onProgress });
  if (compared.length === 0) {
    const last = fitScaled(rawly(seasonalNaive), y, Math.min(season, y.length))!;
    return { seasons, members: [{ ...last, weight: 1 }], errors: {}, error: NaN };
  }
  const truth = origins.map((origin) => y.subarray(origin, origin + horizon));
  // They know one season alone.
  const usual = seasons.length === 1 ? usualCandidates : [];
  const { members, error } = blend(compared, truth, usual);
  const fitted: (ScaledModel & { readonly weight: number })[] = [];
  for (const { at, weight } of members) {
    const model = await fitAnyScaled(compared[at].candidate, y, season, signal);
    fitted.push({ ...model!, weight });
  }
  const blended = crossBlended(compared, truth, usual);
  const share = members.reduce(
    (sum, { at, weight }) => sum + (compared[at].candidate.scale.kind === "raw" ? 0 : weight),
    0,
  );
  const errors = compared.map(({ candidate, said }) =>
    [candidate.name, meanError(said, truth)] as const
  ).sort(([, a], [, b]) => a - b);
  return {
    ...{ seasons, members: fitted, error, errors: Object.fromEntries(errors) },
    past: latestConformalErrors({ said: blended, came: truth }, share > 0.5),
    ...keepPast && {
      said: blended.map((own, k) => ({ origin: origins[k], values: [...own] })).slice(
        -latestOrigins,
      ),
    },
  };
}

/** The first candidate whose forecast is finite, with all the weight. */
async function firstThatFits(
  candidates: readonly AnyScaledMethod[],
  y: Float64Array,
  season: number,
  horizon: number,
  signal: AbortSignal | undefined,
): Promise<(ScaledModel & { readonly weight: number }) | undefined> {
  for (const candidate of candidates) {
    const fitted = await fitAnyScaled(candidate, y, season, signal);
    if (fitted === undefined) continue;
    const said = forecastScaled(candidate.method, fitted, horizon);
    if (said !== undefined) return { ...fitted, weight: 1 };
  }
  return undefined;
}

/**
 * The values of the next steps.
 *
 * @throws {DataError} if a member does not give finite values.
 */
export function forecastAutomatic(model: AutomaticModel, horizon: number): Float64Array {
  const methods = anyMethodsOf(model);
  const sum = new Float64Array(horizon);
  for (const member of model.members) {
    const method = methods[member.model.method];
    const said = forecastScaled(method, member, horizon);
    if (said === undefined) {
      throw new DataError(`Cannot forecast ${horizon} steps by ${member.name}: it runs away`, {
        next: "ask for fewer steps",
      });
    }
    said.forEach((value, h) => sum[h] += member.weight * value);
  }
  return sum;
}

/**
 * The interval around each forecast, `level` of which hold the true value if the future is as the
 * past; undefined if the past does not tell.
 */
export function automaticInterval(
  { past }: Pick<AutomaticModel, "past">,
  forecast: Float64Array,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } | undefined {
  if (!(level > 0 && level < 1)) {
    throw new UsageError(`Cannot draw intervals of level ${level}`, {
      next: "give a share above 0 and below 1, as 0.8",
    });
  }
  // Shares of nothing tell nothing.
  if (past === undefined || past.relative && forecast.every((value) => value === 0)) {
    return undefined;
  }
  const widths = conformalWidths(past, forecast, level);
  return {
    lower: forecast.map((value, h) => value - widths[h]),
    upper: forecast.map((value, h) => value + widths[h]),
  };
}

/** Every method by its name, with further seasons beside the first. */
export function methodsOf(more: readonly number[]): Readonly<Record<string, ForecastMethod>> {
  const whole = more.map(Math.round);
  const all = [
    ...[seasonalNaive, drift, theta, ets, decomposed(whole), harmonic(more)],
    ...[decomposedTheta("quickSeasons", whole), decomposedTheta("steadySeasons", whole)],
  ];
  return Object.fromEntries(all.map((method) => [method.name, method as ForecastMethod]));
}

const rawly = (method: ForecastMethod): ScaledMethod => ({
  ...{ name: `${method.name} raw`, method, scale: { kind: "raw" } },
});

/** Those methods, and the ones that are handed what they learn by. */
function anyMethodsOf(
  { seasons, boosting, stan }: Pick<CandidateOptions, "seasons" | "boosting" | "stan">,
): Readonly<Record<string, AnyForecastMethod>> {
  const more = seasons.slice(1);
  return {
    ...methodsOf(more),
    boosted: boosted(boosting, more) as AnyForecastMethod,
    prophet: prophet(stan, more) as AnyForecastMethod,
  };
}

/** Every method on every scale that suits a series. */
function candidatesOf(
  y: Float64Array,
  season: number,
  options: CandidateOptions,
): AnyScaledMethod[] {
  const { scales: kinds = ["raw", "log", "boxCox"], boosting, stan } = options;
  const all = anyMethodsOf(options);
  const handed: Readonly<Record<string, unknown>> = { boosted: boosting, prophet: stan };
  const isThere = (name: string) => !Object.hasOwn(handed, name) || handed[name] !== undefined;
  const names = options.methods ?? Object.keys(all).filter(isThere);
  if (names.length === 0 || kinds.length === 0) {
    throw new UsageError("Cannot choose among no methods or scales", {
      next: `name one or more of ${Object.keys(all).join(", ")}`,
    });
  }
  const methods = names.map((name) => lookUp("forecast method", name, all));
  const missing = names.find((name) => !isThere(name));
  if (missing !== undefined) {
    throw new UsageError(`Cannot forecast by ${missing} without what it learns by`, {
      next: missing === "boosted"
        ? "give boosting: { learner }, as gradientBoostingRegressor() of learners/"
        : "give stan, as optimizer of npm:@bsull/augurs-prophet-wasmstan",
    });
  }
  const scales: SeriesScale[] = [];
  const positive = y.every((value) => value > 0);
  if (kinds.includes("raw") || !positive) scales.push({ kind: "raw" });
  if (positive && kinds.includes("log")) scales.push({ kind: "log" });
  if (positive && kinds.includes("boxCox")) {
    const lambda = y.length >= 4 * season ? guerreroLambda(y, season) : 0;
    // Close to one of the others it would be tried twice.
    if (lambda > 0.1 && lambda < 0.9) scales.push({ kind: "boxCox", lambda });
  }
  return scales.flatMap((scale) =>
    methods.map((method) => ({ name: `${method.name} ${scale.kind}`, method, scale }))
  );
}
