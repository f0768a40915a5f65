/** From a text to the attributes of its tokens, hashed. */

import { murmur3 } from "./murmur3.ts";
import { spotters } from "./spotters.ts";
import type { TokenRules } from "./token_rules.ts";
import { type Tokens, tokensOf } from "./tokens.ts";
import { attributeValues, type WordAttribute } from "./word_form.ts";

/** Attributes are hashed into so many ids; the number itself means none, and fills rows up. */
export const attributeIdCount = 2 ** 30;

/** A text as its tokens, each told by some groups of attributes. */
export interface TokenFeatures extends Tokens {
  /** The groups of each token, {@linkcode TokenHasher.width} of them, token after token. */
  readonly groups: readonly number[];
}

/** Hashes the tokens of texts. What a word alone tells is worked out once for all texts. */
export interface TokenHasher {
  /** Number of groups of each token. */
  readonly width: number;
  /** The ids of each group that was met so far, none twice. */
  readonly attributes: readonly Int32Array[];
  /** Characters of all attributes of these groups: what is remembered grows with them. */
  readonly remembered: number;
  /** Reads a text. */
  hash(text: string): TokenFeatures;
}

/** A hasher that tells what its ids stand for. */
export interface TracedTokenHasher extends TokenHasher {
  /** The attributes of each group, as `suffix0=gy`, in the order of their ids. */
  readonly names: readonly (readonly string[])[];
}

const encoder = new TextEncoder();
/* @__MEMO__ */
const short = new Uint8Array(64);

/**
 * Makes what hashes texts by the rules. Attributes that depend on one word and its distance are
 * one group, shared by all tokens that see this word there, so that a learner sums it once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tokenRules } from "./token_rules.ts";
 * const hasher = tokenHasher(tokenRules({ templates: [{ of: "word", at: [0] }], together: [] }));
 * const { groups } = hasher.hash("card, card");
 * assertEquals(hasher.width, 2);
 * assertEquals(groups[0], groups[2 * 2]);
 * ```
 */
export function tokenHasher(rules: TokenRules): TokenHasher {
  return hasherOf(rules);
}

/**
 * A {@linkcode tokenHasher} that tells what its ids stand for, for explanations.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tokenRules } from "./token_rules.ts";
 * const rules = tokenRules({ templates: [{ of: "word", at: [-1] }], together: [] });
 * const { hash, names } = tracedTokenHasher(rules);
 * assertEquals(names[hash("my card").groups[2]], ["word-1=my"]);
 * ```
 */
export function tracedTokenHasher(rules: TokenRules): TracedTokenHasher {
  const names: string[][] = [];
  return Object.assign(hasherOf(rules, names), { names });
}

/** Characters of attributes that take some 20 MB with all that is remembered of their words. */
const MOST_REMEMBERED = 5_000_000;

/**
 * Gives hashers to who reads texts without end: texts bring new words as long as they come, so that
 * what is remembered of them is dropped now and then.
 *
 * @example
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 * import { tokenRules } from "./token_rules.ts";
 * const rules = tokenRules({ templates: [{ of: "word", at: [0] }], together: [] });
 * const next = forgetfully(() => tokenHasher(rules));
 * assertStrictEquals(next(), next());
 * ```
 */
export function forgetfully<H extends TokenHasher>(make: () => H): () => H {
  let hasher = make();
  return () => hasher.remembered > MOST_REMEMBERED ? hasher = make() : hasher;
}

/** Makes a hasher; what is added to `names` is what the ids of a group stand for. */
function hasherOf(rules: TokenRules, names?: string[][]): TokenHasher {
  const distances = [...new Set(rules.templates.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const ofDistance = distances.map((distance) => ({
    distance,
    attributes: rules.templates.filter(({ at }) => at.includes(distance)).map(({ of }) => of),
    groupOf: new Map<string, number>(),
  }));
  const attributes: Int32Array[] = [];
  let remembered = 0;
  const add = (texts: readonly string[]): number => {
    const ids = new Set(texts.map((text) => hashText(text) & (attributeIdCount - 1)));
    for (const { length } of texts) remembered += length;
    names?.push(
      Array.from(
        ids,
        (id) =>
          [...new Set(texts)].filter((text) => (hashText(text) & (attributeIdCount - 1)) === id)
            .join(" or "),
      ),
    );
    return attributes.push(Int32Array.from(ids)) - 1;
  };
  const ownGroups = new Map<string, number>();
  const phrases = phraseFinder(rules.lists);
  const valuesOf = valuesByWord();
  return {
    width: distances.length + 1,
    attributes,
    get remembered() {
      return remembered;
    },
    hash(text) {
      const tokens = tokensOf(text.toWellFormed(), rules.split);
      const { starts, ends } = tokens;
      const words = starts.map((start, i) => text.slice(start, ends[i]));
      // The edges of a text are words of their own, which no text holds.
      const wordAt = (i: number) => i < 0 ? "\u0002" : i >= words.length ? "\u0003" : words[i];
      const marks = words.map((): string[] => []);
      for (const name of rules.spot) {
        mark(marks, tokens, name, spotters[name](text.slice(0, ends.at(-1) ?? 0)));
      }
      phrases(words, (name, first, last) => markRun(marks, name, first, last));
      const groups: number[] = [];
      words.forEach((_, i) => {
        for (const { distance, attributes, groupOf } of ofDistance) {
          const word = wordAt(i + distance);
          let group = groupOf.get(word);
          if (group === undefined) {
            group = add(
              attributes.flatMap((of) =>
                valuesOf(of, word).map((value) => `${of}${distance}=${value}`)
              ),
            );
            groupOf.set(word, group);
          }
          groups.push(group);
        }
        const own = [
          "always",
          ...rules.together.map((parts) =>
            parts.map(({ of, at }) => `${of}${at}=${valuesOf(of, wordAt(i + at)).at(-1)}`).join("&")
          ),
          ...marks[i],
          ...(marks[i - 1] ?? []).map((found) => `-1 ${found}`),
          ...(marks[i + 1] ?? []).map((found) => `+1 ${found}`),
        ];
        const key = own.join("\n");
        const known = ownGroups.get(key) ?? add(own);
        ownGroups.set(key, known);
        groups.push(known);
      });
      return { ...tokens, groups };
    },
  };
}

/** Most attributes are plain letters, which need no encoder. */
function hashText(text: string): number {
  if (text.length > short.length) return hashBytes(encoder.encode(text));
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return hashBytes(encoder.encode(text));
    short[i] = code;
  }
  return murmur3(short, 0, text.length, 0);
}

function hashBytes(bytes: Uint8Array): number {
  return murmur3(bytes, 0, bytes.length, 0);
}

/** Values of attributes, worked out once for each word. */
function valuesByWord(): (of: WordAttribute, word: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (of, word) => {
    if (word === "\u0002" || word === "\u0003") return [word === "\u0002" ? "start" : "end"];
    const key = `${of} ${word}`;
    let values = known.get(key);
    if (values === undefined) known.set(key, values = attributeValues(of, word));
    return values;
  };
}

function mark(
  marks: readonly string[][],
  { starts, ends }: Tokens,
  name: string,
  found: readonly { readonly start: number; readonly end: number }[],
): void {
  let token = 0;
  for (const { start, end } of found) {
    while (token < starts.length && ends[token] <= start) token++;
    const first = token;
    while (token < starts.length && starts[token] < end) token++;
    if (token > first) markRun(marks, name, first, token - 1);
  }
}

function markRun(marks: readonly string[][], name: string, first: number, last: number): void {
  for (let i = first; i <= last; i++) marks[i].push(`${i === first ? "B" : "I"} ${name}`);
}

type Found = (name: string, first: number, last: number) => void;

/** Finds the longest phrases of lists, list by list. */
function phraseFinder(lists: TokenRules["lists"]) {
  const entries = Object.entries(lists).map(([name, phrases]) => {
    const known = new Set(phrases.map((phrase) => {
      const { starts, ends } = tokensOf(phrase, "words");
      return starts.map((start, i) => phrase.slice(start, ends[i])).join(" ").toLowerCase();
    }));
    const longest = Math.max(...Array.from(known, (phrase) => phrase.split(" ").length));
    return { name, known, longest };
  });
  return (words: readonly string[], found: Found) => {
    const lower = words.map((word) => word.toLowerCase());
    for (const { name, known, longest } of entries) {
      for (let first = 0; first < lower.length; first++) {
        for (let length = Math.min(longest, lower.length - first); length > 0; length--) {
          if (!known.has(lower.slice(first, first + length).join(" "))) continue;
          found(name, first, first + length - 1);
          first += length - 1;
          break;
        }
      }
    }
  };
}
