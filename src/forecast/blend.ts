/** Which forecasts to believe, and how much. */

import type { PastForecasts } from "./rolling_forecasts.ts";

/** A candidate with its weight. */
export interface Blended {
  /** Place among the candidates. */
  readonly at: number;
  /** Above 0; all add up to 1. */
  readonly weight: number;
}

/** Error over the least one up to which a candidate has a say: few origins do not tell more apart. */
const MOST_WORSE = 1.25;

/**
 * Weights by how far candidates were off: of each family the best has a say, as methods that are
 * alike err alike, if it is no more than a quarter worse than the best of all; weights are the
 * inverse squares of mean absolute errors.
 *
 * Source: Bates and Granger, The combination of forecasts (1969), with errors taken for independent
 * between families.
 *
 * @param truth What came after each origin, shape [origins][horizon].
 * @returns The members, the best first, and the mean absolute error of their blend.
 */
export function blend(
  past: readonly PastForecasts[],
  truth: readonly Float64Array[],
): { readonly members: readonly Blended[]; readonly error: number } {
  const ranked = past.map(({ said }, at) => ({ at, error: meanError(said, truth) }))
    .sort((a, b) => a.error - b.error);
  const heard = new Set<string>();
  const members = ranked.filter(({ at, error }) => {
    const { method: { name, family = name } } = past[at].candidate;
    if (heard.has(family) || !(error <= MOST_WORSE * ranked[0].error)) return false;
    heard.add(family);
    return true;
  });
  if (!(ranked[0].error > 0)) return { members: [{ at: ranked[0].at, weight: 1 }], error: 0 };
  const total = members.reduce((sum, { error }) => sum + error ** -2, 0);
  const weighted = members.map(({ at, error }) => ({ at, weight: error ** -2 / total }));
  return { members: weighted, error: meanError(blendedForecasts(weighted, past), truth) };
}

/** What a blend would have said, shape [origins][horizon]. */
export function blendedForecasts(
  members: readonly Blended[],
  past: readonly PastForecasts[],
): Float64Array[] {
  return past[0].said.map((own, origin) =>
    own.map((_, h) =>
      members.reduce((sum, { at, weight }) => sum + weight * past[at].said[origin][h], 0)
    )
  );
}

/**
 * What the choice itself would have said, shape [origins][horizon]: from each origin by the blend
 * that all other origins speak for. What a blend says at the times that it was chosen by is nearer
 * than what it says of any other.
 */
export function crossBlended(
  past: readonly PastForecasts[],
  truth: readonly Float64Array[],
): Float64Array[] {
  return truth.map((_, left) => {
    const without = past.map(({ candidate, said }) => ({
      candidate,
      said: said.toSpliced(left, 1),
    }));
    const { members } = blend(without, truth.toSpliced(left, 1));
    const own = past.map(({ candidate, said }) => ({ candidate, said: [said[left]] }));
    return blendedForecasts(members, own)[0];
  });
}

/** Mean absolute error over all origins and steps. */
export function meanError(
  said: readonly Float64Array[],
  truth: readonly Float64Array[],
): number {
  let sum = 0;
  let count = 0;
  truth.forEach((came, origin) =>
    came.forEach((value, h) => {
      sum += Math.abs(value - said[origin][h]);
      count++;
    })
  );
  return sum / count;
}
