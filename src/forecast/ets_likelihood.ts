/** How likely a series is under a form of exponential smoothing, and which way it grows likelier. */

import type { EtsForm } from "./ets_forms.ts";

/** Weights, damping and first states. */
export interface EtsStart {
  /** Weight of news in the level. */
  alpha: number;
  /** Weight of news in the trend. */
  beta: number;
  /** Weight of news in the season. */
  gamma: number;
  /** How a damped trend dies away, 1 if it does not. */
  phi: number;
  /** Level before the first value. */
  level: number;
  /** Slope before it. */
  slope: number;
}

/** Below this a forecast counts as so small, to divide by it. */
const SMALLEST = 1e-10;

/**
 * Runs through a series forward for the likelihood and backward for its slopes, in memory that is
 * taken once for all forms and steps of a search.
 *
 * Source: Hyndman et al., Forecasting with Exponential Smoothing (2008), chapter 5; the backward
 * run is the chain rule.
 */
export class EtsLikelihood {
  /** Seasons before the first value; the run reads them. */
  readonly seasons: Float64Array;
  /** Seasons after the last value, by place. */
  readonly after: Float64Array;
  /** Slope of the likelihood in each first season. */
  readonly ofSeasons: Float64Array;
  /** Its slopes in all else. */
  readonly slopes: EtsStart = { alpha: 0, beta: 0, gamma: 0, phi: 0, level: 0, slope: 0 };
  /** Level after the last value. */
  level = 0;
  /** Slope after it. */
  slope = 0;
  readonly #y: Float64Array;
  /** Before each step: level with the slope added, slope, season; then how far it was off. */
  readonly #base: Float64Array;
  readonly #slope: Float64Array;
  readonly #season: Float64Array;
  readonly #off: Float64Array;
  #squares = 0;

  /** Takes the series and the steps of its season, 1 for none. */
  constructor(y: Float64Array, season: number) {
    this.#y = y;
    [this.#base, this.#slope, this.#season, this.#off] = [0, 0, 0, 0].map(() =>
      new Float64Array(y.length)
    );
    [this.seasons, this.after, this.ofSeasons] = [0, 0, 0].map(() => new Float64Array(season));
  }

  /**
   * −2 × the logarithm of the likelihood, but for a constant; the states after the last value are
   * then those of the run.
   */
  run(form: EtsForm, { alpha, beta, gamma, phi, level: l0, slope: b0 }: EtsStart): number {
    // One by one: taking arrays apart costs more than a step.
    const y = this.#y;
    const base = this.#base;
    const slopes = this.#slope;
    const seasons = this.#season;
    const offs = this.#off;
    const after = this.after;
    const n = y.length;
    const ratio = form.error === "M";
    const seasonal = form.season !== "N";
    const times = form.season === "M";
    const m = seasonal ? after.length : 1;
    after.set(this.seasons);
    let level = l0;
    let slope = b0;
    let squares = 0;
    let logs = 0;
    let product = 1;
    let place = 0;
    for (let t = 0; t < n; t++) {
      const ahead = phi * slope;
      const middle = level + ahead;
      const own = seasonal ? after[place] : 0;
      const said = times ? middle * own : middle + own;
      const off = y[t] - said;
      base[t] = middle;
      slopes[t] = slope;
      seasons[t] = own;
      offs[t] = off;
      if (ratio) {
        const size = Math.abs(said) < SMALLEST ? SMALLEST : said;
        const share = off / size;
        squares += share * share;
        // Logarithms of products: one for many steps.
        product *= Math.abs(size);
        if (product > 1e150 || product < 1e-150) {
          logs += Math.log(product);
          product = 1;
        }
      } else squares += off * off;
      const news = times ? off / own : off;
      level = middle + alpha * news;
      slope = ahead + beta * news;
      if (seasonal) {
        after[place] = own + gamma * (times ? off / middle : off);
        if (++place === m) place = 0;
      }
    }
    this.level = level;
    this.slope = slope;
    this.#squares = Math.max(squares, 1e-300);
    return n * Math.log(this.#squares) + 2 * (logs + Math.log(product));
  }

  /** The slopes of the last {@linkcode run}, which was of the same form and start. */
  runBack(form: EtsForm, { alpha, beta, gamma, phi }: EtsStart): void {
    const base = this.#base;
    const slopes = this.#slope;
    const seasons = this.#season;
    const offs = this.#off;
    const of = this.ofSeasons;
    const n = offs.length;
    const ratio = form.error === "M";
    const seasonal = form.season !== "N";
    const times = form.season === "M";
    const m = seasonal ? of.length : 1;
    of.fill(0);
    const ofSquares = n / this.#squares;
    let ofAlpha = 0;
    let ofBeta = 0;
    let ofGamma = 0;
    let ofPhi = 0;
    let ofLevel = 0;
    let ofSlope = 0;
    let place = (n - 1) % m;
    for (let t = n - 1; t >= 0; t--) {
      const middle = base[t];
      const own = seasons[t];
      const off = offs[t];
      const ofNews = alpha * ofLevel + beta * ofSlope;
      let ofMiddle = ofLevel;
      let ofAhead = ofSlope;
      let ofOff = 0;
      let ofSaid = 0;
      let ofOwn = 0;
      if (ratio) {
        const said = times ? middle * own : middle + own;
        const over = 1 / (Math.abs(said) < SMALLEST ? SMALLEST : said);
        const share = off * over;
        ofOff = 2 * ofSquares * share * over;
        ofSaid = 2 * over - ofOff * share;
      } else ofOff = 2 * ofSquares * off;
      if (times) {
        const over = 1 / own;
        const news = off * over;
        ofAlpha += news * ofLevel;
        ofBeta += news * ofSlope;
        ofOff += ofNews * over;
        ofOwn = of[place] - ofNews * news * over;
        const underMiddle = 1 / middle;
        const seen = off * underMiddle;
        const ofSeen = gamma * of[place];
        ofGamma += seen * of[place];
        ofOff += ofSeen * underMiddle;
        ofMiddle -= ofSeen * seen * underMiddle;
        ofSaid -= ofOff;
        ofMiddle += ofSaid * own;
        ofOwn += ofSaid * middle;
      } else {
        ofAlpha += off * ofLevel;
        ofBeta += off * ofSlope;
        ofOff += ofNews;
        if (seasonal) {
          ofOff += gamma * of[place];
          ofGamma += off * of[place];
          ofOwn = of[place];
        }
        ofSaid -= ofOff;
        ofMiddle += ofSaid;
        ofOwn += ofSaid;
      }
      if (seasonal) {
        of[place] = ofOwn;
        if (--place < 0) place = m - 1;
      }
      ofLevel = ofMiddle;
      ofAhead += ofMiddle;
      ofPhi += ofAhead * slopes[t];
      ofSlope = phi * ofAhead;
    }
    const found = this.slopes;
    found.alpha = ofAlpha;
    found.beta = ofBeta;
    found.gamma = ofGamma;
    found.phi = ofPhi;
    found.level = ofLevel;
    found.slope = ofSlope;
  }
}
