/** Advice to one person on securities: asked for, or given. */

import { plainSpelling } from "./plain_spelling.ts";

const security = String
  .raw`(?:shares?|stocks?|scrips?|equit(?:y|ies)|mutual funds?|index funds?|(?:small|mid|large|flexi|multi)[- ]?caps?|debt funds?|elss|etfs?|sips?|bonds?|debentures?|ncds?|reits?|ipos?|futures|options|f&o|derivatives|crypto\w*|bitcoin|btc|ethereum|coins?|tokens?|securities|nifty|sensex|portfolio)`;
const deal = String
  .raw`(?:buy|sell|hold|short|accumulate|exit|book profits?|invest(?:ing)?(?: (?:in|into))?|trade|pick|subscribe(?: to)?|apply for|switch (?:to|out)|redeem|put (?:my |your |all |the )?[^.?!]{0,25}(?:in|into))`;

const asked: readonly RegExp[] = [
  new RegExp(
    String
      .raw`\b(?:which|what|best|top|good|better|recommend|suggest|name|pick|choose|select)\b[^.?!]{0,40}\b${security}\b[^.?!]{0,40}\b(?:should i|shall i|do i|can i|for me|to (?:buy|sell|invest|pick|hold|choose)|i should|right now|today|this (?:week|month|year)|now)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:should|shall|must|ought) (?:i|we)\b[^.?!]{0,30}\b${deal}\b[^.?!]{0,50}\b${security}\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:which|what)\b[^.?!]{0,30}\b${security}\b[^.?!]{0,20}\b(?:is|are)\b[^.?!]{0,15}\b(?:best|good|better|safest|right)\b[^.?!]{0,30}\b(?:for me|to buy|now|for my)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:recommend|suggest|pick|choose|give me|tell me|name)\b[^.?!]{0,25}\b(?:a|an|some|any|me|the best|\d+|good|top|few|best)\b[^.?!]{0,25}\b${security}\b(?![^.?!]*\b(?:explain|work|mean|differ)\b)`,
    "i",
  ),
  new RegExp(
    String.raw`\b(?:best|top|hottest|winning)\s+(?:\d+\s+|performing\s+)?${security}\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:is|are)\b[^.?!]{0,40}\b(?:a good (?:buy|investment)|worth buying|a buy|overvalued|undervalued)\b`,
    "i",
  ),
  new RegExp(String.raw`\b(?:buy|sell|hold)\s+or\s+(?:buy|sell|hold)\b`, "i"),
  new RegExp(
    String
      .raw`\b(?:build|make|design|create|review|rebalance)\b[^.?!]{0,25}\b(?:me\b[^.?!]{0,15})?\b(?:stock|share|equity|mutual fund|investment|crypto) portfolio\b`,
    "i",
  ),
  // A company by its name: a word with a capital that is not the first.
  /\b(?:[Ss]hould|[Ss]hall) (?:I|i|we) (?:buy|sell|hold|invest in|short)\s+(?!(?:a|an|the|my|our|in|on|or|it|this|insurance|gold|house|home|car)\b)[A-Z][\w&]+/,
  /\b(?:buy|sell|hold)\b[^.?!]{0,20}\b(?:reliance|tcs|infosys|hdfc|icici|adani|tata|wipro|itc|sbi|zomato|paytm|tesla|apple|nvidia|google|amazon|microsoft)\b[^.?!]{0,20}(?:shares?|stocks?|now|today|\?|$)/i,
];

const given: readonly RegExp[] = [
  new RegExp(
    String
      .raw`\b(?:you should|you must|you ought to|you need to|you'd better|i (?:would |strongly )?(?:recommend|suggest|advise)|i'd (?:recommend|suggest|advise)|we (?:recommend|suggest|advise)|my (?:advice|recommendation|suggestion) is)\b[^.?!]{0,60}\b${deal}\b[^.?!]{0,60}\b${security}\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:i|we)\s+(?:would\s+|strongly\s+)?(?:recommend|suggest|advise)\b[^.?!]{0,40}\b${security}\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`^\s*(?:[-*•]\s*)?(?:buy|sell|hold|short|accumulate)\b[^.?!]{0,50}\b(?:${security}|now|today)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:is|are) (?:a (?:strong |good )?(?:buy|sell)|the best (?:stock|share|fund|investment) for you)\b`,
    "i",
  ),
  new RegExp(
    String
      .raw`\b(?:put|invest|allocate|move) (?:all |most |half |some |\d+ ?%? )?(?:of )?your (?:money|savings|salary|income|surplus|funds)\b[^.?!]{0,30}\b${security}\b`,
    "i",
  ),
];

/** Whether a question asks which securities somebody should deal in. */
export function asksForSecurities(question: string): boolean {
  const plain = plainSpelling(question).replaceAll(/\s+/g, " ");
  return asked.some((pattern) => pattern.test(plain));
}

/** Whether a sentence of an answer tells somebody which securities to deal in. */
export function givesSecuritiesAdvice(sentence: string): boolean {
  const plain = plainSpelling(sentence).replaceAll(/\s+/g, " ");
  if (
    /\b(?:you should|never|do|does)?\s?(?:not|n't|never)\b[^.?!]{0,20}\b(?:buy|sell|hold|invest|recommend|advise|suggest)/i
      .test(plain)
  ) {
    return false; // It advises against advice.
  }
  return given.some((pattern) => pattern.test(plain));
}
