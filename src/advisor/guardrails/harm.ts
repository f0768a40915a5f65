/** Questions that ask for help with breaking the law or deceiving others. */

import { plainSpelling } from "./plain_spelling.ts";

const patterns: readonly RegExp[] = [
  /\b(?:evade|dodge|cheat on|escape|avoid paying)\b[^.?!]{0,30}\b(?:tax|taxes|gst|duty)\b/i,
  /\b(?:hide|conceal|not (?:declare|report|disclose))\b[^.?!]{0,40}\b(?:income|cash|money|assets|gains)\b[^.?!]{0,40}\b(?:from|to)\b[^.?!]{0,20}\b(?:tax|department|government|authorit|wife|husband|spouse|court|bank|lender)/i,
  /\blaunder(?:ing)?\b[^.?!]{0,30}\b(?:money|cash|funds|black)\b|\b(?:how|help|way|want)\b[^.?!]{0,30}\bmoney laundering\b(?=[^.?!]*\b(?:do|start|set up|without)\b)/i,
  /\b(?:forge|fake|fabricate|falsify|photoshop|doctor|inflate)\b[^.?!]{0,30}\b(?:salary|pay ?slips?|payslips?|documents?|statements?|itr|returns?|invoices?|bills?|receipts?|income|signature|pan|aadhaar)\b/i,
  /\b(?:make|create|get|need|generate|prepare|submit)\b[^.?!]{0,20}\b(?:fake|forged|false|bogus)\b[^.?!]{0,30}\b(?:salary|slips?|documents?|statements?|itr|invoices?|bills?|receipts?|income|identity|pan|aadhaar|account)\b/i,
  /\b(?:insider (?:tip|information|trading))\b(?=[^.?!]*\b(?:use|profit|buy|sell|trade on|get|give|make)\b)|\b(?:use|profit from|trade on|get|give me)\b[^.?!]{0,30}\binsider (?:tips?|information)\b/i,
  /\b(?:start|run|set up|create|build|launch)\b[^.?!]{0,20}\b(?:ponzi|pyramid|scam|phishing|fake investment|fraud)/i,
  /\b(?:steal|hack|clone|skim|phish)\b[^.?!]{0,40}\b(?:cards?|accounts?|otps?|passwords?|pins?|bank|upi|wallets?)\b(?![^.?!]*\b(?:protect|prevent|avoid|stop|happens|victim)\b)(?<!(?:if|when|someone|somebody|they|thieves|fraudsters|criminals)\b[^.?!]{0,60})/i,
];

/** A question about how to be safe, or what to do after it happened. */
const safe =
  /\b(?:report|protect|prevent|recognis|recogniz|spot|complain|victim|what (?:is|are|happens)|penalt(?:y|ies)|illegal|punish|is it (?:legal|a crime))/i;

/** Whether a question asks for such help, and not how to be safe from it. */
export function asksForHarm(question: string): boolean {
  const plain = plainSpelling(question).replaceAll(/\s+/g, " ");
  return !safe.test(plain) && patterns.some((pattern) => pattern.test(plain));
}
