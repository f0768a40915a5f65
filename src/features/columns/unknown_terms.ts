/** Which share of a text a model can make nothing of. */

/** What a share is counted by. */
export interface UnknownOptions {
  /** Terms of each distinct text, one as often as it counts. */
  readonly terms: readonly ArrayLike<number>[];
  /** Terms that the model knows. */
  readonly known: ReadonlySet<number>;
  /** Training terms that one needs to be known, 1 or more. */
  readonly least: number;
  /** 1 for each row that the model learned from, shape [rows]; absent if it did from none. */
  readonly learned?: Uint8Array;
  /** Group of each row, from 0 on, shape [rows]; absent if each stands for itself. */
  readonly groups?: ArrayLike<number>;
}

/** What a model can make nothing of. */
export interface UnknownShares {
  /** Share of each row's terms that it does not know, in [0, 1]; NaN of a text without terms. */
  readonly shares: Float32Array;
  /**
   * How many times the variance is that of independent rows, 1 or more, if the shares of learned
   * rows stand for those of rows to come: which terms were learned decides over many texts at once.
   */
  readonly designEffect: number;
}

/**
 * Share of each row's terms that the model does not know. Of a row that it learned from, terms
 * count as known if it would know them without this row, and without the others of its group:
 * such rows are then no more familiar than rows to come.
 *
 * If terms come by Poisson's law, U of them are unknown in learned rows, and N are there one time
 * more often than that, the variance of U around what will be unknown is U + least × (least + 1) × N;
 * if one training term is enough, that is Robbins' result.
 *
 * Source: Good, 1953, "The population frequencies of species and the estimation of population
 * parameters"; Robbins, 1968, "Estimating the total probability of the unobserved outcomes".
 *
 * @param codes Place of each row's text, negative if it is missing, shape [rows].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const options = { terms: [[1, 2], [2, 3]], least: 1, known: new Set([1, 2, 3]) };
 * assertEquals([...unknownShares([0, 1, -1], options).shares], [0, 0, NaN]);
 * const learned = Uint8Array.of(1, 1, 1);
 * assertEquals([...unknownShares([0, 1, -1], { ...options, learned }).shares], [0.5, 0.5, NaN]);
 * ```
 */
export function unknownShares(
  codes: ArrayLike<number>,
  { terms, least, known, learned, groups }: UnknownOptions,
): UnknownShares {
  const termsOf = (row: number) => codes[row] < 0 ? [] : terms[codes[row]];
  const unknownIn = (row: number, isKnown: (term: number) => boolean) => {
    const own = termsOf(row);
    let unknown = 0;
    for (let i = 0; i < own.length; i++) if (!isKnown(own[i])) unknown++;
    return unknown;
  };
  const rowsOf = new Map<number, number[]>();
  const all = new Map<number, number>();
  const shares = new Float32Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    if (!learned?.[row]) {
      shares[row] = unknownIn(row, (term) => known.has(term)) / termsOf(row).length;
      continue;
    }
    const group = groups === undefined ? row : groups[row];
    const rows = rowsOf.get(group);
    if (rows === undefined) rowsOf.set(group, [row]);
    else rows.push(row);
    count(all, termsOf(row));
  }
  let unknown = 0;
  for (const rows of rowsOf.values()) {
    const own = new Map<number, number>();
    for (const row of rows) count(own, termsOf(row));
    for (const row of rows) {
      const found = unknownIn(row, (term) => all.get(term)! - own.get(term)! >= least);
      unknown += found;
      shares[row] = found / termsOf(row).length;
    }
  }
  let short = 0;
  for (const times of all.values()) if (times === least + 1) short++;
  return { shares, designEffect: 1 + least * (least + 1) * short / Math.max(1, unknown) };
}

function count(counts: Map<number, number>, terms: ArrayLike<number>): void {
  for (let i = 0; i < terms.length; i++) {
    counts.set(terms[i], (counts.get(terms[i]) ?? 0) + 1);
  }
}
