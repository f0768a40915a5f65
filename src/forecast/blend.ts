/** Which forecasts to believe, and how much. */

import type { PastForecasts } from "./rolling_forecasts.ts";

/** A candidate with its weight. */
export interface Blended {
  /** Place among the candidates. */
  readonly at: number;
  /** Above 0; all add up to 1. */
  readonly weight: number;
}

/** Steps of the past by which candidates of twice the least error have a say; longer ones allow less. */
const DOUBT = 48;

/** Steps of the past after which half of the say has left the usual methods. */
const USUAL_STEPS = 72;

/**
 * What forecasts well before anything is known of a series, half of each: a past of few steps tells
 * hardly more.
 *
 * Source: the M3 competition; Petropoulos and Svetunkov (2020) for simple combinations.
 */
export const usualCandidates: readonly string[] = ["ets raw", "theta raw"];

/**
 * Weights by how far candidates were off. Of each family the best has a say, as methods that are
 * alike err alike, if it is not much worse than the best of all: by the less, the more steps tell
 * them apart. Their weights are the inverse squares of mean absolute errors. The usual candidates
 * that are as near have a share beside them, which the past takes away as it grows.
 *
 * Source: Bates and Granger, The combination of forecasts (1969), with errors taken for independent
 * between families.
 *
 * @param truth What came after each origin, shape [origins][horizon].
 * @param usual Names of the usual candidates.
 * @returns The members, the best first, and the mean absolute error of their blend.
 */
export function blend(
  past: readonly PastForecasts[],
  truth: readonly Float64Array[],
  usual: readonly string[] = [],
  steps: number = stepsOf(truth),
): { readonly members: readonly Blended[]; readonly error: number } {
  const ranked = past.map(({ said }, at) => ({ at, error: meanError(said, truth) }))
    .sort((a, b) => a.error - b.error);
  const [best] = ranked;
  if (!(best.error > 0)) return { members: [{ at: best.at, weight: 1 }], error: 0 };
  const near = ranked.filter(({ error }) => error <= (1 + DOUBT / steps) * best.error)
    .map(({ at, error }) => ({ at, error, candidate: past[at].candidate }));
  const isUsual = near.map(({ candidate }) => usual.includes(candidate.name));
  const heard = new Set<string>();
  const says = near.map(({ error, candidate: { method: { name, family = name } } }) => {
    if (heard.has(family)) return 0;
    heard.add(family);
    return error ** -2;
  });
  const total = says.reduce((sum, say) => sum + say, 0);
  const count = isUsual.filter(Boolean).length;
  const share = count === 0 ? 0 : USUAL_STEPS / (steps + USUAL_STEPS);
  const members = near.map(({ at }, k) => ({
    at,
    weight: (1 - share) * says[k] / total + (isUsual[k] ? share / count : 0),
  })).filter(({ weight }) => weight > 0);
  return { members, error: meanError(blendedForecasts(members, past), truth) };
}

const stepsOf = (truth: readonly Float64Array[]) =>
  truth.reduce((sum, { length }) => sum + length, 0);

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
  usual?: readonly string[],
): Float64Array[] {
  return truth.map((_, left) => {
    const without = past.map(({ candidate, said }) => ({
      candidate,
      said: said.toSpliced(left, 1),
    }));
    const { members } = blend(without, truth.toSpliced(left, 1), usual, stepsOf(truth));
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
