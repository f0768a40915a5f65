/** The likeliest weights and first states of a form of exponential smoothing. */

import { classicalSeason } from "./classical.ts";
import type { EtsForm } from "./ets_forms.ts";
import { EtsLikelihood, type EtsStart } from "./ets_likelihood.ts";
import { lineThrough } from "./least_squares_line.ts";
import { quasiNewton } from "./quasi_newton.ts";

/** The likeliest start of a form, and where the series leads from it. */
export interface LikeliestEts {
  /** Values of the series. */
  readonly n: number;
  /** Numbers that were fitted. */
  readonly parameters: number;
  /** −2 × log likelihood, but for a constant. */
  readonly value: number;
  /** Weights and first states. */
  readonly start: EtsStart;
  /** Level after the last value. */
  readonly level: number;
  /** Slope after it. */
  readonly slope: number;
  /** The seasons of the next steps, in their order. */
  readonly seasons: readonly number[];
}

/** Ranges of weights and of damping. */
const [LEAST, MOST, LEAST_PHI, MOST_PHI] = [1e-4, 0.9999, 0.8, 0.98];

/** Log odds of the weights that a search may begin with: the likeliest of them does. */
const FIRST_ALPHAS = [-2, -0.5, 1.5];
const FIRST_GAMMAS = [-3, -0.5];
const FIRST_BETA = -2.5;
const FIRST_PHI = 1.5;

/** Beyond these log odds weights change no more. */
const FARTHEST = 25;

const share = (odds: number) => 1 / (1 + Math.exp(-odds));

/** Seasons and what is left without them. */
interface FirstSeasons {
  readonly seasons: Float64Array;
  readonly head: Float64Array;
}

/** Searches all forms of one series, in memory that they share. */
export class EtsSearch {
  readonly #y: Float64Array;
  readonly #season: number;
  readonly #moves: number;
  readonly #likelihoods = new Map<number, EtsLikelihood>();
  readonly #firstSeasons = new Map<EtsForm["season"], FirstSeasons>();
  readonly #start: EtsStart = { alpha: 0, beta: 0, gamma: 0, phi: 1, level: 0, slope: 0 };

  /** Takes a series of finite values and the steps of its season, 1 for none. */
  constructor(y: Float64Array, season: number) {
    this.#y = y;
    this.#season = season;
    let moves = 0;
    for (let t = 1; t < y.length; t++) moves += Math.abs(y[t] - y[t - 1]) / (y.length - 1);
    this.#moves = moves || 1;
  }

  /** The likeliest start of a form; undefined if the series is too short for its parameters. */
  likeliest(form: EtsForm): LikeliestEts | undefined {
    const y = this.#y;
    const n = y.length;
    const season = form.season === "N" ? 1 : this.#season;
    const weights = 1 + Number(form.trend !== "N") + Number(form.season !== "N") +
      Number(form.trend === "Ad");
    const parameters = weights + 1 + Number(form.trend !== "N") + season - 1;
    if (parameters >= n - 1 || n < 4) return undefined;
    const likelihood = this.#likelihoodOf(season);
    const first = this.#firstOf(form, season);
    const { level, slope } = form.trend === "N"
      ? { level: meanOf(first.head), slope: 0 }
      : lineThrough(first.head);
    // Multiplicative seasons are about 1, whatever the series is.
    const bySeason = form.season === "M" ? this.#moves / (Math.abs(level) || 1) : this.#moves;
    const problem: Problem = {
      ...{ form, likelihood, level, slope, firstSeasons: first.seasons, bySeason },
      ...{ byLevel: this.#moves, bySlope: 0.1 * this.#moves, start: this.#start },
    };
    const x = firstGuess(problem, weights, parameters);
    const found = quasiNewton((at, slopes) => evaluate(problem, at, slopes), x);
    // The states are those of the last run, which may have been of a step that was refused.
    const value = evaluate(problem, found.x);
    if (!Number.isFinite(value)) return undefined;
    const { after } = likelihood;
    const seasons = form.season === "N"
      ? [0]
      : Array.from(after, (_, h) => after[(n + h) % season]);
    return {
      ...{ n, parameters, value, start: { ...this.#start }, seasons },
      ...{ level: likelihood.level, slope: likelihood.slope },
    };
  }

  #likelihoodOf(season: number): EtsLikelihood {
    let found = this.#likelihoods.get(season);
    if (found === undefined) {
      found = new EtsLikelihood(this.#y, season);
      this.#likelihoods.set(season, found);
    }
    return found;
  }

  /** First guesses of the seasons, and the first values without them. */
  #firstOf({ season: kind }: EtsForm, season: number): FirstSeasons {
    let found = this.#firstSeasons.get(kind);
    if (found === undefined) {
      const y = this.#y;
      const size = Math.min(Math.max(10, 2 * season), y.length);
      const seasons = kind === "N"
        ? new Float64Array(1)
        : classicalSeason(y, season, kind === "A" ? "additive" : "multiplicative")
          .slice(0, season);
      const head = y.slice(0, size);
      if (kind === "A") { for (let t = 0; t < size; t++) head[t] -= seasons[t % season]; }
      if (kind === "M") {
        for (let t = 0; t < size; t++) head[t] /= Math.max(0.01, seasons[t % season]);
      }
      found = { seasons, head };
      this.#firstSeasons.set(kind, found);
    }
    return found;
  }
}

const meanOf = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A form with the point that its coordinates are counted from, and the units that they are in. */
interface Problem {
  readonly form: EtsForm;
  readonly likelihood: EtsLikelihood;
  readonly level: number;
  readonly slope: number;
  readonly firstSeasons: Float64Array;
  readonly byLevel: number;
  readonly bySlope: number;
  readonly bySeason: number;
  /** Is written by each evaluation. */
  readonly start: EtsStart;
}

/** Where the search begins: the likeliest of a few weights. */
function firstGuess(problem: Problem, weights: number, parameters: number): Float64Array {
  const { trend, season } = problem.form;
  const x = new Float64Array(parameters);
  let best = x;
  let lowest = Infinity;
  const at = trend === "N" ? 1 : 2;
  if (trend !== "N") x[1] = FIRST_BETA;
  if (trend === "Ad") x[weights - 1] = FIRST_PHI;
  for (const alpha of FIRST_ALPHAS) {
    for (const gamma of season === "N" ? [0] : FIRST_GAMMAS) {
      x[0] = alpha;
      if (season !== "N") x[at] = gamma;
      const value = evaluate(problem, x);
      if (value < lowest || best === x) [lowest, best] = [value, x.slice()];
    }
  }
  return best;
}

/**
 * The likelihood at coordinates: log odds of the weights in their ranges, then how far level,
 * slope and all seasons but the first place's are from where they began.
 */
function evaluate(problem: Problem, x: Float64Array, slopes?: Float64Array): number {
  const { form: { trend, season: kind }, likelihood, start, firstSeasons } = problem;
  const { seasons } = likelihood;
  const hasTrend = trend !== "N";
  const hasSeason = kind !== "N";
  const damped = trend === "Ad";
  for (let j = 0; j < 1 + Number(hasTrend) + Number(hasSeason) + Number(damped); j++) {
    if (!(Math.abs(x[j]) <= FARTHEST)) return Infinity;
  }
  let at = 0;
  // The weight of the trend is at most that of the level, and that of the season at most what the
  // level leaves.
  const ofLevel = share(x[at++]);
  const alpha = LEAST + (MOST - LEAST) * ofLevel;
  const ofTrend = hasTrend ? share(x[at++]) : 0;
  const ofSeason = hasSeason ? share(x[at++]) : 0;
  const ofDamping = damped ? share(x[at++]) : 0;
  const mostGamma = Math.max(LEAST, 1 - alpha);
  start.alpha = alpha;
  start.beta = hasTrend ? LEAST + (alpha - LEAST) * ofTrend : 0;
  start.gamma = hasSeason ? LEAST + (mostGamma - LEAST) * ofSeason : 0;
  start.phi = damped ? LEAST_PHI + (MOST_PHI - LEAST_PHI) * ofDamping : 1;
  start.level = problem.level + problem.byLevel * x[at++];
  start.slope = hasTrend ? problem.slope + problem.bySlope * x[at++] : 0;
  const states = at;
  if (hasSeason) {
    // The first place's season makes them add up.
    let sum = 0;
    for (let place = 1; place < seasons.length; place++) {
      const own = firstSeasons[place] + problem.bySeason * x[at++];
      if (kind === "M" && !(own >= 0)) return Infinity;
      sum += seasons[place] = own;
    }
    seasons[0] = (kind === "M" ? seasons.length : 0) - sum;
    if (kind === "M" && !(seasons[0] >= 0)) return Infinity;
  }
  const value = likelihood.run(problem.form, start);
  if (slopes === undefined || !Number.isFinite(value)) {
    return Number.isFinite(value) ? value : Infinity;
  }
  likelihood.runBack(problem.form, start);
  const by = likelihood.slopes;
  at = 0;
  const levelAt = at++;
  let byAlpha = by.alpha;
  if (hasTrend) {
    byAlpha += by.beta * ofTrend;
    slopes[at++] = by.beta * (alpha - LEAST) * ofTrend * (1 - ofTrend);
  }
  if (hasSeason) {
    if (1 - alpha > LEAST) byAlpha -= by.gamma * ofSeason;
    slopes[at++] = by.gamma * (mostGamma - LEAST) * ofSeason * (1 - ofSeason);
  }
  if (damped) slopes[at++] = by.phi * (MOST_PHI - LEAST_PHI) * ofDamping * (1 - ofDamping);
  slopes[levelAt] = byAlpha * (MOST - LEAST) * ofLevel * (1 - ofLevel);
  slopes[at++] = by.level * problem.byLevel;
  if (hasTrend) slopes[at++] = by.slope * problem.bySlope;
  if (hasSeason) {
    const of = likelihood.ofSeasons;
    for (at = states; at < slopes.length; at++) {
      slopes[at] = (of[at - states + 1] - of[0]) * problem.bySeason;
    }
  }
  return value;
}
