/** Text as a run of tokens, each told by hashed attributes: what learners of sequences read. */

import { UsageError } from "../../base/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import { publicRuns, tokenHasher, type TokenRules, tokenRules } from "../../text/mod.ts";
import { type HashedTokens, sharedInt32, type TextColumn } from "../clean_data.ts";
import { distinctTexts } from "./distinct_texts.ts";
import { frequentWords } from "./free_text.ts";
import { freeTexts, viewWords } from "./text.ts";
import type { CleanContext, ColumnKind, Described, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import { unknownShares } from "./unknown_terms.ts";

/** What may be said about a column of tokens. */
export interface TokensOptions extends Partial<TokenRules>, Described {
  /** Training tokens that an attribute must be of to count; 1 unless it is set. */
  readonly minCount?: number;
}

/** A column of tokens. */
export interface TokensSpec extends TokensOptions, SpecOfKind<"tokens"> {}

/** A fitted column of tokens. */
export interface TokensState extends StateOfKind<"tokens"> {
  /** How texts become the attributes of their tokens. */
  readonly rules: TokenRules;
  /** Ids of the attributes that count, rising; id number `a` is attribute `a` of a model. */
  readonly ids: readonly number[];
  /** The most frequent words, at most 100, for examples and probes. */
  readonly words: readonly string[];
  /**
   * Ids of what training tokens themselves are first told by, as their words, rising: those that
   * weigh nothing are known too. Absent if there is no such template.
   */
  readonly seen?: readonly number[];
}

/**
 * A column of text to find spans in. Each token is told by what it and its neighbours look like,
 * by rules that spot amounts, dates and account numbers, and by lists of phrases. Attributes are
 * hashed, so that the model keeps no texts. Of a text the first 10,000 characters are read.
 *
 * Learners of sequences read it, for a target of spans; others refuse it by name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(tokens({ spot: ["money"] }), { kind: "tokens", spot: ["money"] });
 * ```
 */
export function tokens(options: TokensOptions = {}): TokensSpec {
  tokenRules(options);
  return { kind: "tokens", ...options };
}

/** Columns of tokens. */
export const tokensKind: ColumnKind<TokensSpec, TokensState, TextColumn> = {
  ...freeTexts,
  form: "texts",
  categorical: false,
  check(spec, column) {
    const { minCount = 1 } = spec;
    if (!Number.isInteger(minCount) || minCount < 1) {
      return `minCount of ${column} is ${minCount}, wanted 1 or more`;
    }
    try {
      tokenRules(spec);
    } catch (error) {
      return `${column}: ${(error as Error).message}`;
    }
  },
  clean: (spec, cells, context) =>
    readTokens(context.state?.rules ?? tokenRules(spec), cells, context),
  fit(spec, column, { name, rows }) {
    const { minCount = 1, description } = spec;
    const ids = frequentAttributes(column, rows, minCount);
    if (ids.length === 0) throw nothingToLearn(name, rows.length);
    const rules = tokenRules(spec);
    const termsOf = publicTokens(rules);
    return {
      kind: "tokens",
      name,
      ...(description === undefined ? {} : { description }),
      rules,
      ids,
      words: frequentWords(column, rows, 2),
      ...termsOf && { seen: frequentTerms(column, rows, termsOf, minCount) },
    };
  },
  features: ({ name }) => [name],
  gaps: () => false,
  transform({ name }) {
    throw refusal(name);
  },
  transformLearned: null,
  bag: null,
  writer({ name }) {
    throw refusal(name);
  },
  declared: ({ rules }) => ({ kind: "tokens", ...rules }),
  // Any token is told by something: only a text without any says nothing.
  understands({ rules }) {
    const { hash } = tokenHasher(rules);
    return (value) => hash(value as string).starts.length > 0;
  },
  borders: ({ words }) => [
    ...words.slice(0, 20),
    words.join(" "),
    words.slice(0, 5).join("  ").toUpperCase(),
    ...["", " ", "?", "😀👩‍👩‍👧", "карта не работает", "بطاقتي", "मैंने ₹500 दिए", "卡丢了"],
    ...["\ud800 lone", "tab\tand\u0007bell", "ﬁne Straße İstanbul", "x".repeat(300)],
    ...["Rs. 1,500 on 12/05/2026 from XX4521", "₹2.5 lakh", "31/02/2026"],
  ],
  view(column, { spec, state, learned, groups }) {
    const termsOf = state && publicTokens(state.rules);
    return viewWords(
      column,
      termsOf && state.seen && unknownShares(column.codes, {
        terms: column.vocabulary.map(termsOf),
        least: spec.minCount ?? 1,
        known: new Set(state.seen),
        learned,
        groups,
      }),
    );
  },
};

/** The tokens of a cleaned column. */
export function tokensOfColumn({ tokens }: TextColumn): HashedTokens {
  if (tokens !== undefined) return tokens;
  throw new TypeError("Cannot use a column of tokens: its texts were not read");
}

function refusal(name: string): UsageError {
  return new UsageError(
    `Cannot use column "${name}" as numbers: it holds tokens, which only a target of spans reads`,
    { next: `declare the target with spans(), or column "${name}" with freeText()` },
  );
}

function readTokens(
  rules: TokenRules,
  cells: readonly Cell[],
  context: CleanContext<TokensState>,
): TextColumn {
  const { codes, vocabulary } = distinctTexts(cells, context);
  return { kind: "texts", codes, vocabulary, tokens: hashTokens(rules, vocabulary) };
}

/** The tokens of texts, text after text. */
export function hashTokens(rules: TokenRules, texts: readonly string[]): HashedTokens {
  const hasher = tokenHasher(rules);
  const hashed = texts.map((text) => hasher.hash(text));
  const offsets = sharedInt32(texts.length + 1);
  hashed.forEach(({ starts }, t) => offsets[t + 1] = offsets[t] + starts.length);
  const count = offsets[texts.length];
  const starts = sharedInt32(count);
  const ends = sharedInt32(count);
  const groups = sharedInt32(count * hasher.width);
  hashed.forEach((one, t) => {
    starts.set(one.starts, offsets[t]);
    ends.set(one.ends, offsets[t]);
    groups.set(one.groups, offsets[t] * hasher.width);
  });
  const attributeOffsets = sharedInt32(hasher.attributes.length + 1);
  hasher.attributes.forEach((own, g) => attributeOffsets[g + 1] = attributeOffsets[g] + own.length);
  const ids = sharedInt32(attributeOffsets[hasher.attributes.length]);
  hasher.attributes.forEach((own, g) => ids.set(own, attributeOffsets[g]));
  return { offsets, starts, ends, width: hasher.width, groups, attributeOffsets, ids };
}

/**
 * What each token itself is first told by, as its word, without tokens that a log may hold masked;
 * undefined if tokens are told by their neighbours alone.
 */
function publicTokens({ split, templates }: TokenRules): undefined | ((text: string) => number[]) {
  const own = templates.find(({ at }) => at.includes(0));
  if (own === undefined) return undefined;
  const alone = { split, templates: [{ of: own.of, at: [0] }], together: [], spot: [], lists: {} };
  const { hash, width, attributes } = tokenHasher(alone);
  return (text) =>
    publicRuns(text).flatMap((run) => {
      const { starts, groups } = hash(run);
      return starts.flatMap((_, token) => [...attributes[groups[token * width]]]);
    });
}

/** The terms that come often enough in the texts of the rows, rising. */
function frequentTerms(
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  termsOf: (text: string) => number[],
  minCount: number,
): number[] {
  const counts = new Map<number, number>();
  const terms = vocabulary.map(termsOf);
  for (const row of rows) {
    for (const term of terms[codes[row]] ?? []) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return often(counts, minCount);
}

/** Ids of attributes that enough tokens of the rows have, rising. */
function frequentAttributes(column: TextColumn, rows: Int32Array, minCount: number): number[] {
  const { offsets, width, groups, attributeOffsets, ids } = tokensOfColumn(column);
  const ofGroups = new Int32Array(attributeOffsets.length - 1);
  for (const row of rows) {
    const text = column.codes[row];
    if (text < 0) continue;
    for (let at = offsets[text] * width; at < offsets[text + 1] * width; at++) {
      ofGroups[groups[at]]++;
    }
  }
  const counts = new Map<number, number>();
  ofGroups.forEach((count, g) => {
    if (count === 0) return;
    for (let at = attributeOffsets[g]; at < attributeOffsets[g + 1]; at++) {
      counts.set(ids[at], (counts.get(ids[at]) ?? 0) + count);
    }
  });
  return often(counts, minCount);
}

/** What was counted often enough, rising. */
function often(counts: ReadonlyMap<number, number>, minCount: number): number[] {
  return [...counts].filter(([, count]) => count >= minCount).map(([id]) => id)
    .sort((a, b) => a - b);
}
