/** What groups of attributes add to the tags of tokens, and what is learned of them. */

import type { Sequences } from "./contract.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/** Share of the tags from which an attribute counts as one of most of them. */
const COMMON = 0.25;

/**
 * Sums the parameters of the groups of tokens. An attribute that most tags are seen with, as the
 * shape of a word, is common: groups have few different sets of these, which are summed once, in
 * rows of all tags that stay in the processor's memory. The others, as the word itself, have few
 * tags: of groups that many tokens share their sums are kept by tag, of the rest nothing is.
 */
export class GroupSums {
  readonly #tags: number;
  readonly #width: number;
  readonly #groups: Int32Array;
  readonly #pairOffsets: Int32Array;
  readonly #pairTags: Int32Array;
  /** The row of each group's common attributes, −1 if it has none. */
  readonly #rowOf: Int32Array;
  /** The parameters of the rows, and where each is added. */
  readonly #rowPairs: Int32Array;
  readonly #rowPlaces: Int32Array;
  readonly #rows: Float64Array;
  /** Where a row of zeros begins. */
  readonly #noRow: number;
  /** Where the rows of the token begin that is scored. */
  readonly #bases: Int32Array;
  readonly #rowGradient: Float64Array;
  /** The other attributes of each group. */
  readonly #rare: Lists;
  /** 1 for groups of one token. */
  readonly #alone: Uint8Array;
  /** The tags that the other attributes of each shared group were seen with. */
  readonly #entries: Lists;
  readonly #sums: Float64Array;
  readonly #sumGradient: Float64Array;
  /** The parameters of the shared groups' other attributes, and the entry of each. */
  readonly #entryPairs: Int32Array;
  readonly #entryPlaces: Int32Array;
  #point: Float64Array = new Float64Array(0);
  #gradient: Float64Array = new Float64Array(0);

  /** Takes the sequences and the parameters. */
  constructor(
    { width, groups, attributeOffsets, attributes }: Sequences,
    { offsets, pairTags }: Pick<CrfParameters, "offsets" | "pairTags">,
    tagCount: number,
  ) {
    [this.#tags, this.#width, this.#groups] = [tagCount, width, groups];
    [this.#pairOffsets, this.#pairTags] = [offsets, pairTags];
    const groupCount = attributeOffsets.length - 1;
    const tokens = new Int32Array(groupCount);
    for (const group of groups) tokens[group]++;
    this.#alone = Uint8Array.from(tokens, (count) => Number(count < 2));
    this.#rowOf = new Int32Array(groupCount).fill(-1);
    const rows = new Map<string, number>();
    const [rare, entries] = [new ListBuilder(), new ListBuilder()];
    const rowPlaces: number[] = [];
    const rowPairs: number[] = [];
    const entryPlaces: number[] = [];
    const entryPairs: number[] = [];
    const entryOf = new Int32Array(tagCount);
    for (let g = 0; g < groupCount; g++) {
      const own = attributes.subarray(attributeOffsets[g], attributeOffsets[g + 1]);
      const isCommon = (a: number) => offsets[a + 1] - offsets[a] > COMMON * tagCount;
      const often = own.filter(isCommon).sort();
      if (often.length > 0) {
        const key = often.join();
        const row = rows.get(key) ?? rows.size;
        if (row === rows.size) {
          rows.set(key, row);
          for (const a of often) {
            for (let p = offsets[a]; p < offsets[a + 1]; p++) {
              rowPairs.push(p);
              rowPlaces.push(row * tagCount + pairTags[p]);
            }
          }
        }
        this.#rowOf[g] = row;
      }
      const seldom = own.filter((a) => !isCommon(a));
      rare.add(seldom);
      const found: number[] = [];
      if (!this.#alone[g]) {
        entryOf.fill(-1);
        for (const a of seldom) {
          for (let p = offsets[a]; p < offsets[a + 1]; p++) {
            const tag = pairTags[p];
            if (entryOf[tag] < 0) entryOf[tag] = entries.length + found.push(tag) - 1;
            entryPairs.push(p);
            entryPlaces.push(entryOf[tag]);
          }
        }
      }
      entries.add(found);
    }
    [this.#rare, this.#entries] = [rare.build(), entries.build()];
    [this.#rowPairs, this.#rowPlaces] = [Int32Array.from(rowPairs), Int32Array.from(rowPlaces)];
    this.#entryPairs = Int32Array.from(entryPairs);
    this.#entryPlaces = Int32Array.from(entryPlaces);
    this.#noRow = rows.size * tagCount;
    this.#rows = new Float64Array(this.#noRow + tagCount);
    this.#bases = new Int32Array(width + 2);
    this.#rowGradient = new Float64Array(this.#rows.length);
    this.#sums = new Float64Array(this.#entries.values.length);
    this.#sumGradient = new Float64Array(this.#sums.length);
  }

  /** Sums up at a point; what is learned from then on is added to a gradient. */
  prepare(point: Float64Array, gradient: Float64Array): void {
    [this.#point, this.#gradient] = [point, gradient];
    this.#rowGradient.fill(0);
    this.#sumGradient.fill(0);
    gather(point, this.#rowPairs, this.#rowPlaces, this.#rows.fill(0));
    gather(point, this.#entryPairs, this.#entryPlaces, this.#sums.fill(0));
  }

  score(token: number, scores: Float64Array, at: number): void {
    const K = this.#tags;
    const [groups, rowOf, rows, sums] = [this.#groups, this.#rowOf, this.#rows, this.#sums];
    const { offsets, values } = this.#entries;
    // Three rows are added at a time: most of the work is to read and write what they are added to.
    const bases = this.#bases;
    const [first, end] = [token * this.#width, (token + 1) * this.#width];
    let count = 0;
    for (let w = first; w < end; w++) {
      if (rowOf[groups[w]] >= 0) bases[count++] = rowOf[groups[w]] * K;
    }
    while (count % 3 !== 0) bases[count++] = this.#noRow;
    scores.fill(0, at, at + K);
    for (let b = 0; b < count; b += 3) {
      const [one, two, three] = [bases[b], bases[b + 1], bases[b + 2]];
      for (let k = 0; k < K; k++) {
        scores[at + k] += rows[one + k] + rows[two + k] + rows[three + k];
      }
    }
    for (let w = first; w < end; w++) {
      const g = groups[w];
      if (this.#alone[g]) this.#scoreAlone(g, scores, at);
      else for (let e = offsets[g]; e < offsets[g + 1]; e++) scores[at + values[e]] += sums[e];
    }
  }

  learn(token: number, shares: Float64Array, at: number, live: Int32Array): void {
    const K = this.#tags;
    const [groups, rowOf] = [this.#groups, this.#rowOf];
    const [rowGradient, sumGradient] = [this.#rowGradient, this.#sumGradient];
    const { offsets, values } = this.#entries;
    for (let w = token * this.#width, end = w + this.#width; w < end; w++) {
      const g = groups[w];
      if (rowOf[g] >= 0) {
        const base = rowOf[g] * K;
        for (let l = 0; l < live.length; l++) rowGradient[base + live[l]] += shares[at + live[l]];
      }
      if (this.#alone[g]) this.#learnAlone(g, shares, at);
      else {
        for (let e = offsets[g]; e < offsets[g + 1]; e++) sumGradient[e] += shares[at + values[e]];
      }
    }
  }

  /** Adds what was learned of groups to the slopes of their parameters. */
  finish(): void {
    gather(this.#rowGradient, this.#rowPlaces, this.#rowPairs, this.#gradient);
    gather(this.#sumGradient, this.#entryPlaces, this.#entryPairs, this.#gradient);
  }

  #scoreAlone(g: number, scores: Float64Array, at: number): void {
    const point = this.#point;
    const { offsets, values } = this.#rare;
    const [pairOffsets, tags] = [this.#pairOffsets, this.#pairTags];
    for (let a = offsets[g]; a < offsets[g + 1]; a++) {
      const end = pairOffsets[values[a] + 1];
      for (let p = pairOffsets[values[a]]; p < end; p++) scores[at + tags[p]] += point[p];
    }
  }

  #learnAlone(g: number, shares: Float64Array, at: number): void {
    const gradient = this.#gradient;
    const { offsets, values } = this.#rare;
    const [pairOffsets, tags] = [this.#pairOffsets, this.#pairTags];
    for (let a = offsets[g]; a < offsets[g + 1]; a++) {
      const end = pairOffsets[values[a] + 1];
      for (let p = pairOffsets[values[a]]; p < end; p++) gradient[p] += shares[at + tags[p]];
    }
  }
}

/** Adds values at places of one array to places of another. */
function gather(values: Float64Array, from: Int32Array, to: Int32Array, out: Float64Array): void {
  for (let i = 0; i < from.length; i++) out[to[i]] += values[from[i]];
}

/** Lists side by side: list `i` has the values from `offsets[i]` on. */
interface Lists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

class ListBuilder {
  readonly #offsets = [0];
  readonly #values: number[] = [];

  get length(): number {
    return this.#values.length;
  }

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.#values.push(values[i]);
    this.#offsets.push(this.#values.length);
  }

  build(): Lists {
    return { offsets: Int32Array.from(this.#offsets), values: Int32Array.from(this.#values) };
  }
}
