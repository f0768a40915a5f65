/**
 * Texts as numbers: one spelling, words and letters in runs, hashed. Learns nothing.
 * @module
 */

export { murmur3 } from "./murmur3.ts";
export { longestTextRead, normalText } from "./normal_text.ts";
export {
  idCount,
  type NgramBlock,
  type NgramRules,
  ngramRules,
  type NgramRulesOptions,
} from "./ngram_rules.ts";
export {
  type HashedText,
  ngramHasher,
  tracedHasher,
  type TracedText,
  wordsOf,
} from "./hash_ngrams.ts";
export { publicRuns, withoutDigits } from "./private_words.ts";
export { type Tokens, tokensOf, type TokenSplit } from "./tokens.ts";
export { attributeValues, type WordAttribute, wordAttributes } from "./word_form.ts";
export { type TokenRules, tokenRules, type TokenTemplate, usualTemplates } from "./token_rules.ts";
export {
  attributeIdCount,
  forgetfully,
  type TokenFeatures,
  type TokenHasher,
  tokenHasher,
  type TracedTokenHasher,
  tracedTokenHasher,
} from "./token_features.ts";
export type { Spotted } from "./spotted.ts";
export { spottedValue, type SpotterName, spotterNames, spotters } from "./spotters.ts";
export { type Account, spotAccounts } from "./spot_accounts.ts";
export { spotDates, type SpottedDate } from "./spot_dates.ts";
export { type Money, spotMoney } from "./spot_money.ts";
export { type MarkedText, readConll, type TagScheme } from "./conll.ts";
