/** Promises of what an investment will bring: asked for, or made. */

import { plainSpelling } from "./plain_spelling.ts";

const gain = String.raw`(?:returns?|profits?|gains?|growth|income from (?:shares|stocks|funds))`;
const surely = String
  .raw`(?:guarantee[ds]?|assured?|certain|definite(?:ly)?|sure[- ]?(?:shot|fire)?|risk[- ]?free|zero[- ]risk|no[- ]risk|100 ?% safe|fixed|promised?)`;
const invested = String
  .raw`(?:shares?|stocks?|equit(?:y|ies)|mutual funds?|funds?|sips?|etfs?|crypto\w*|bitcoin|btc|ethereum|gold|silver|property|real estate|nifty|sensex|markets?|index|portfolio|investments?|ipo|bonds?|it)`;

/** What somebody asks who wants to hear a promise or a forecast of prices. */
const asked: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:guarantee|promise|assure)\b[^.?!]{0,40}\b(?:${gain}|%|per ?cent|double|money)`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:give|tell|show|suggest|find|recommend|which|where|what)\b[^.?!]{0,60}\b${surely}\b[^.?!]{0,25}\b${gain}`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:will|would|is|are)\b[^.?!]{0,40}\b${invested}\b[^.?!]{0,30}\b(?:go(?:ing)? (?:up|down|to)|rise|fall|crash|double|triple|surge|jump|recover|reach|hit|beat|outperform|be worth)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:predict|forecast|price target|target price)\b[^.?!]{0,60}\b(?:${invested}|prices?)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:how much|what)\b[^.?!]{0,30}\bwill\b[^.?!]{0,40}\b(?:shares?|stocks?|mutual funds?|sips?|nifty|sensex|bitcoin|crypto\w*|gold|portfolio)\b[^.?!]{0,50}\b(?:be worth|give|return|earn|make|grow|become|cost|reach)\b`,
    "i",
  ),
  /\b(?:double|triple|10x|multiply)\s+my\s+(?:money|investment|savings|capital)\b[^.?!]{0,40}\b(?:in|within|by|fast|quick|overnight|guarantee|sure)/i,
  new RegExp(
    String.raw`\b(?:guarantee|promise|assure)\b[^.?!]{0,30}\b${invested}\b[^.?!]{0,20}\bwill\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:which|what)\b[^.?!]{0,25}\b(?:shares?|stocks?|mutual funds?|funds?|etfs?|crypto\w*|investments?|sectors?)\b[^.?!]{0,25}\bwill\b[^.?!]{0,15}\b(?:give|return|earn|perform|do|rise|grow|gain|double|outperform|beat)\b`,
    "i",
  ),
  /\b(?:sure[- ]?shot|jackpot|multi-?bagger)\b/i,
];

/** What an answer says that promises. */
const made: readonly RegExp[] = [
  new RegExp(String.raw`\b${surely}\b[^.?!]{0,25}\b${gain}\b`, "i"),
  new RegExp(
    String
      .raw`\b${gain}\b[^.?!]{0,25}\b(?:is|are|will be)\s+(?:guaranteed|assured|certain|risk[- ]?free)\b`,
    "i",
  ),
  /\b(?:i|we)(?:'ll| will| can)?\s+(?:guarantee|promise|assure)\b/i,
  new RegExp(
    String
      .raw`\byou(?:'ll| will| are (?:sure|certain|guaranteed|bound) to| (?:can )?(?:surely|certainly|definitely))\s+(?:definitely |certainly |surely |easily |always )?(?:earn|make|gain|double|triple|profit)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b${invested}\b[^.?!]{0,30}\b(?:will|is going to|are going to|is sure to|is certain to|are sure to|always)\s+(?:definitely |certainly |surely |always )?(?:go up|rise|grow|double|triple|beat|outperform|recover|return|earn|gain|give (?:you )?(?:a )?(?:\d|${gain}|good|high))`,
    "i",
  ),
  /\b(?:cannot|can't|can not|will not|won't|never)\s+(?:lose|go wrong|lose (?:any )?money)\b/i,
];

/** A sentence that warns of promises makes none. */
const warns =
  /\b(?:no(?:t|body| one|ne|r)?|never|cannot|can't|isn't|aren't|don't|doesn't|without|beware|careful|wary|avoid|fraud\w*|scam\w*|ponzi|suspicious|warning|red flags?|signs? of|too good|claims?|illegal|anyone who|whoever|if (?:someone|anyone|an?\b)|unlike|rather than|assum(?:e|es|ed|ing|ption)|may|might|could|historical\w*|past|taxed|taxable|deposit\w*|fd|post office|ppf|provident)\b/i;

/** Whether a question wants a promise, or a forecast of prices. */
export function asksForPromise(question: string): boolean {
  const plain = plainSpelling(question).replaceAll(/\s+/g, " ");
  if (
    /\b(?:is it|are|can|why|scam|fraud|true|safe to believe|real|legit\w*|promises|promised me|promising me|someone|offer(?:s|ed|ing)?|claims?|caller|agent|whatsapp|telegram)\b[^.?!]{0,80}\b(?:guarantee|promis|assur|returns?)/i
      .test(plain) &&
    /\b(?:scam|fraud|true|real|legit\w*|believe|trust|possible|allowed|legal|safe|mean)\b/i.test(
      plain,
    )
  ) {
    return false; // It asks whether to believe one.
  }
  return asked.some((pattern) => pattern.test(plain));
}

/** Whether a sentence of an answer promises what an investment will bring. */
export function makesPromise(sentence: string): boolean {
  const plain = plainSpelling(sentence).replaceAll(/\s+/g, " ");
  if (/\b(?:cannot|can't|will not|won't|never) (?:lose|go wrong)/i.test(plain)) return true;
  return !warns.test(plain) && made.some((pattern) => pattern.test(plain));
}
