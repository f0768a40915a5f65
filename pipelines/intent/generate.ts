/** Made-up messages of a bank's customers. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";
import { intents } from "./columns.ts";

/** Where the messages lie unless the user names another file. */
export const messagesPath = "data/raw/intents.csv";

/** How many messages are made up. */
const MESSAGES = 1800;

/** Ways of saying each intent; `{x}` is filled from the lists below. */
const ways: Readonly<Record<(typeof intents)[number], readonly string[]>> = {
  balance: [
    "what is my {account} balance",
    "how much money do I have in my {account} account",
    "show the balance of my {account} account {when}",
    "can you tell me what is left in {account}",
    "balance enquiry for account ending {digits}",
    "did my salary come in, what do I have now",
  ],
  block_card: [
    "I lost my {card} card, block it {when}",
    "my {card} card was stolen at the {place}",
    "please freeze my {card} card ending {digits}",
    "someone has my card details, stop the {card} card",
    "block my card",
    "left my wallet at the {place}, cancel the {card} card",
  ],
  dispute: [
    "I was charged {amount} twice at {merchant}",
    "I do not recognise a payment of {amount} to {merchant}",
    "{merchant} took {amount} from my {card} card and I never ordered",
    "refund from {merchant} has not come, raise a dispute",
    "there is a wrong charge on my {card} card {when}",
    "dispute transaction of {amount}",
  ],
  loan: [
    "what is the interest rate on a {loan} loan",
    "I want to apply for a {loan} loan of {amount}",
    "how much EMI for {amount} over {digits} months",
    "am I eligible for a {loan} loan",
    "can I close my {loan} loan early",
    "documents needed for {loan} loan",
  ],
  transfer: [
    "send {amount} to {person}",
    "transfer {amount} from {account} to {person} {when}",
    "how do I pay {person} by UPI",
    "move {amount} to my {account} account",
    "NEFT of {amount} to account {digits} please",
    "I want to pay {person} back {amount}",
  ],
  update_details: [
    "change my mobile number to {digits}",
    "I moved to {city}, update my address",
    "how do I update my KYC",
    "my name is spelled wrong, correct it to {person}",
    "link my new email to the {account} account",
    "update PAN and address {when}",
  ],
};

const lists: Readonly<Record<string, readonly string[]>> = {
  account: ["savings", "current", "salary", "joint", "fixed deposit"],
  amount: ["₹500", "Rs 12,000", "2 lakh", "₹1,49,999", "Rs. 85", "forty thousand rupees"],
  card: ["debit", "credit", "RuPay", "platinum", "travel"],
  city: ["Pune", "Chennai", "Guwahati", "Indore", "Kochi"],
  loan: ["home", "car", "personal", "gold", "education"],
  merchant: ["Flipkart", "Swiggy", "IRCTC", "BigBasket", "Ola", "a petrol pump"],
  person: ["Asha", "my brother", "Rahul Verma", "the landlord", "Meera"],
  place: ["airport", "metro", "market", "office"],
  when: ["today", "now", "right away", "this morning", "please", "since yesterday"],
};
/** Said by people who want any of it. */
const vague = [
  "please help me with my {account} account",
  "I have a question about my {card} card",
  "call me back {when}",
  "it is about {amount}",
  "what do I do {when}",
];
const openings = ["", "", "", "hi, ", "hello ", "please help: ", "urgent!! ", "sir, "];
const endings = ["", "", "", "?", ".", " thanks", " asap"];

/**
 * Messages as CSV, each intent as often; some letters are mistyped, and of one in
 * seventeen nobody could say what is wanted. The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(madeUpMessages(12, 1).split("\n").length, 14); // a header, and an end of line
 * ```
 */
export function madeUpMessages(count: number, seed: number): string {
  const random = new Random(seed);
  const one = <T>(items: readonly T[]): T => items[random.int(items.length)];
  const filled = (way: string) =>
    way.replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => name === "digits" ? String(1000 + random.int(9000)) : one(lists[name]),
    );
  const lines = Array.from({ length: count }, (_, i) => {
    const intent = intents[i % intents.length];
    const way = random.next() < 0.06 ? one(vague) : one(ways[intent]);
    const said = mistyped(one(openings) + filled(way) + one(endings), random);
    return `"${said.replaceAll('"', '""')}",${intent}`;
  });
  return `${["text,intent", ...lines].join("\n")}\n`;
}

/** One text in four has two letters swapped, or one left out. */
function mistyped(text: string, random: Random): string {
  if (random.next() >= 0.25) return text;
  const letters = [...text];
  const at = random.int(letters.length - 1);
  const slip = random.next() < 0.5 ? [letters[at + 1], letters[at]] : [letters[at + 1]];
  letters.splice(at, 2, ...slip);
  return letters.join("");
}

/** Makes the messages at the default path; a file that the user names must be there. */
export function makeMessages(path: string): { make?: () => Promise<void> } {
  if (path !== messagesPath) return {};
  return { make: () => writeFileAtomic(path, madeUpMessages(MESSAGES, 42)) };
}
