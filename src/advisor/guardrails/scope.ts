/** Whether a question is about personal finance. */

import type { Passage } from "../../retrieval/mod.ts";
import { contentWords, stemOf } from "./content_words.ts";
import { plainSpelling } from "./plain_spelling.ts";

/** Words of money, as {@linkcode stemOf} leaves them. */
const money = new Set(
  ("account afford amortisation amortization amount annuity apr asset atm auto balance bank bankrupt " +
    "benefit bill bond borrow borrower broker budget buy capital card cash cashback cheque chit cibil " +
    "cost credit creditor creditworthy crif currency debit debt deduct deduction default demat deposit " +
    "dividend down-payment earn earning economy elss emergency emi employer epf equity expenditure " +
    "expense experian fd fee finance financial fixed foreclose foreclosure fraud fund gold gratuity gst " +
    "hra huf income inflation instalment installment insurance insurer interest invest investment ipo " +
    "itr kyc lakh crore lender lend lic liability liquidity loan lump market maturity merchant minimum " +
    "moratorium mortgage mutual nbfc net-worth neft netbanking nominee nps overdraft overspend owe paid " +
    "pan payday payment payout payslip pay pension portfolio ppf premium prepay prepayment price " +
    "principal profit provident purchase rbi rd rebate receipt recurring refinance refund regime repay " +
    "repayment repo retire retirement revenue risk rollover roth rupee rupees inr salary save saving " +
    "savings scam score scss sebi section sensex nifty shares share sip slab spend spending ssy stock " +
    "subscription surcharge surplus tax taxable taxation tds term transaction transfer treasury ulip " +
    "unsecured upi utilisation utilization wage wallet wealth withdraw withdrawal yield dollars euro " +
    "fine penalty cess exemption exempt bureau kisan mudra sukanya atal jan dhan aadhaar otp phishing " +
    "cvv mandate nach ecs standing statement collateral guarantor cosigner underwrite rent lease " +
    "bureaus charge charged charges grace overdue late bounce outstanding limit expenses allowance " +
    "percent percentage compound diversification diversify deductible endowment enquiry inquiry " +
    "rupay visa mastercard freelancer freelance household net-banking groceries bonus money").split(
      " ",
    )
    .map(stemOf),
);

/** What is wanted that no finance advisor does, whatever it is about. */
const others: readonly RegExp[] = [
  /\b(?:write|compose|create|make up|generate|sing)\b[^.?!]{0,25}\b(?:poem|song|story|joke|essay|lyrics|haiku|limerick|novel|script|rap|speech|blog|tweet|email to my (?:girlfriend|boyfriend|crush))\b/i,
  /\b(?:tell|give|crack)\b[^.?!]{0,15}\b(?:joke|riddle|story|fun fact)\b/i,
  /\b(?:write|debug|fix|refactor|implement|code|compile|give me)\b[^.?!]{0,30}\b(?:python|javascript|java|c\+\+|rust|sql|html|css|code|function|script|program|regex|algorithm|class)\b/i,
  /\b(?:recipe|cook|bake)\b[^.?!]{0,40}|\bhow (?:do i|to|can i) (?:cook|bake|boil|fry)\b/i,
  /\b(?:weather|temperature|forecast for (?:tomorrow|today))\b(?![^.?!]*\binsurance\b)|\bwill it rain\b/i,
  /\bwho (?:won|will win|is winning|invented|discovered|wrote|painted|directed|sang|is the (?:president|prime minister|king|queen|captain|author))\b|\bcapital (?:city )?of (?!gains?\b|my\b)[A-Z]?\p{L}+/iu,
  /\b(?:diagnos|symptom|prescri|medicine for|dose of|headache|fever|cure for|treat my|pregnan|vaccin)\w*(?![^.?!]*\b(?:insurance|cost|bill|claim|policy|cover)\b)/i,
  /\b(?:translate|translation)\b[^.?!]{0,60}\b(?:into|to|in)\s+(?:english|hindi|french|german|spanish|tamil|telugu|bengali|marathi|latin)\b/i,
  /\b(?:who should i vote|which party|election result|vote for)\b/i,
  /\b(?:my (?:girlfriend|boyfriend|crush)|dating (?:advice|tips)|horoscope|zodiac)\b(?![^.?!]*\b(?:money|loan|account|debt|spend)\b)/i,
  /\b(?:build|make|buy)\b[^.?!]{0,20}\b(?:bomb|weapon|explosive|gun|drugs)\b/i,
];

/** What everybody may say to whoever answers. */
const courtesy =
  /^\W*(?:hi|hello|hey|namaste|good (?:morning|afternoon|evening)|thanks?(?: you)?|thank you (?:very|so) much|ok(?:ay)?|bye|help|what can (?:you|i) (?:do|ask)(?: you)?|who are you|what do you know)\W*$/i;

/** Whether a message is a greeting, thanks, or a question what can be asked. */
export function isCourtesy(question: string): boolean {
  return courtesy.test(plainSpelling(question));
}

/** How sure a model of intents is that a question is none of those it knows, from 0 to 1. */
export type OutOfScope = (question: string, signal?: AbortSignal) => Promise<number | undefined>;

/** What is known of a question beside its text. */
export interface ScopeOptions {
  /** What was found for it. */
  readonly passages: readonly Passage[];
  /** The user's question before, to which this one may belong. */
  readonly before?: string;
  /** A model's score, and from where on a question is out of scope; it stands before the words. */
  readonly score?: { readonly value: number; readonly limit: number };
}

/** Names and turns that are of money, though none of their words is. */
const named =
  /[₹%]|\brs\.?\s?\d|\bform (?:1[0-9]|26)\w{0,2}\b|\b(?:80|87|24|10|44|54)[A-Z]{1,4}\b|\bnet worth\b|\bneeds? or (?:a )?wants?\b|\brecovery agents?\b|\blife cover\b|\bwaiting period\b|\bone[- ]time password\b|\bqr code\b|\b50\s?\/\s?30\s?\/\s?20\b|\brule of (?:72|thumb)\b|\bfil(?:e|ed|ing)\b[^.?!]{0,20}\breturns?\b|\b(?:verify|missed|late)\b[^.?!]{0,20}\breturn\b/i;

/**
 * Whether a question is out of scope: what it wants is none of an advisor's; or else the model of
 * intents knows it not; or else no word is one of money, nor are most of its words in what was found.
 */
export function isOutOfScope(
  question: string,
  { passages, before, score }: ScopeOptions,
): boolean {
  const plain = plainSpelling(question);
  if (others.some((pattern) => pattern.test(plain))) return true;
  const words = contentWords(plain);
  // A model that knows the intents of a bank does not know those of a budget.
  if (words.some((word) => money.has(word)) || named.test(plain)) return false;
  if (score !== undefined && score.value < score.limit) return false;
  if (before !== undefined && words.length <= 6) return false;
  if (words.length === 0) return before === undefined;
  const found = new Set(
    passages.slice(0, 3).flatMap(({ title, text }) => contentWords(`${title} ${text}`)),
  );
  return words.filter((word) => found.has(word)).length / words.length < 0.5;
}
