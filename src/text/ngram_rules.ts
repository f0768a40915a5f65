/** Which runs of words and letters are made of a text, as plain data that travels with a model. */

import { UsageError } from "../base/mod.ts";

/** Runs of one sort. */
export interface NgramBlock {
  /** What the runs are made of: words, or the letters of each word with a blank on either side. */
  readonly of: "words" | "letters";
  /** Length of the shortest run. */
  readonly from: number;
  /** Length of the longest run. */
  readonly to: number;
}

/** How texts become numbers of n-grams. */
export interface NgramRules {
  /** The sorts of runs; each is hashed and weighed for itself. */
  readonly blocks: readonly NgramBlock[];
  /** Each sort is hashed into 2^bits buckets. */
  readonly bits: number;
}

/** What may be said about n-grams. */
export interface NgramRulesOptions {
  /** Shortest and longest run of words, or null for none; [1, 3] unless it is set. */
  readonly words?: readonly [from: number, to: number] | null;
  /** Shortest and longest run of letters, or null for none; [2, 5] unless it is set. */
  readonly letters?: readonly [from: number, to: number] | null;
  /** Each sort is hashed into 2^bits buckets, 8 to 24; 20 unless it is set. */
  readonly bits?: number;
}

const longest = { words: 5, letters: 10 } as const;

/**
 * The rules with their defaults filled in.
 *
 * @throws {UsageError} if no runs are left, or a number is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ngramRules({ letters: null }), {
 *   blocks: [{ of: "words", from: 1, to: 3 }],
 *   bits: 20,
 * });
 * ```
 */
export function ngramRules(
  { words = [1, 3], letters = [2, 5], bits = 20 }: NgramRulesOptions = {},
): NgramRules {
  const wrong = (found: string, next: string) =>
    new UsageError(`Cannot make n-grams: ${found}`, { next });
  if (!Number.isInteger(bits) || bits < 8 || bits > 24) {
    throw wrong(`bits is ${bits}`, "give a whole number from 8 to 24");
  }
  const blocks = Object.entries({ words, letters }).flatMap(([of, range]): NgramBlock[] => {
    if (range === null) return [];
    const most = longest[of as NgramBlock["of"]];
    const [from, to] = range;
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from || to > most) {
      throw wrong(
        `${of} is [${range}]`,
        `give the shortest and the longest run, from 1 to ${most}, or null`,
      );
    }
    return [{ of: of as NgramBlock["of"], from, to }];
  });
  if (blocks.length === 0) throw wrong("words and letters are null", "give at least one of them");
  return { blocks, bits };
}

/** Number of ids that the rules give; the id itself means no n-gram, and fills rows up. */
export function idCount({ blocks, bits }: NgramRules): number {
  return blocks.length * 2 ** bits;
}
