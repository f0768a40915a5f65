/** Made-up messages about payments in India, with exact spans. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";
import type { entityLabels } from "./columns.ts";

type Label = (typeof entityLabels)[number];

/** Where the messages lie unless the user names another file. */
export const paymentsPath = "data/raw/payments.csv";

/** How many messages are made up. */
const MESSAGES = 1500;

/** Messages of banks and of people; `{MONEY}` is filled and marked, `{digits}` filled alone. */
const ways = [
  "{MONEY} debited from A/c {ACCOUNT} on {DATE} to {MERCHANT}. Avl bal {MONEY}",
  "Your a/c {ACCOUNT} is credited with {MONEY} on {DATE} by {MERCHANT}",
  "Paid {MONEY} to {MERCHANT} for {CATEGORY} on {DATE}",
  "Alert: card {ACCOUNT} used for {MONEY} at {MERCHANT}",
  "Dear customer, OTP is {digits} for txn of {MONEY} at {MERCHANT}. Valid for 10 min",
  "how much did I spend on {CATEGORY} since {DATE}",
  "remind me to pay {CATEGORY} of {MONEY} by {DATE}",
  "my {CATEGORY} from {MERCHANT} was {MONEY}, not {MONEY}",
  "split {MONEY} for {CATEGORY} between {digits} people",
  "{MERCHANT} charged me {MONEY} twice {DATE}",
  "transfer {MONEY} from {ACCOUNT} to {ACCOUNT}",
  "UPI/{digits}/{MERCHANT}/{MONEY} on {DATE}",
  "refund of {MONEY} from {MERCHANT} not received till {DATE}",
  "EMI of {MONEY} for {CATEGORY} is due on {DATE} from a/c {ACCOUNT}",
  "I bought {digits} items at {MERCHANT} and paid {MONEY}",
  "what is the status of ticket {digits}",
  "spent {MONEY} {DATE} on {CATEGORY} and {CATEGORY}",
  "order no {digits} from {MERCHANT} arrives {DATE}",
  "block card {ACCOUNT} now, {MONEY} gone to {MERCHANT}",
  "please call me back about my {CATEGORY}",
  "sent {MONEY} to {person} for {CATEGORY}",
  "{person} owes me {MONEY} since {DATE}",
  "{CATEGORY} {MONEY} {MERCHANT}",
  "{MERCHANT} {MONEY}",
  "got a call from {digits} about {person}, is it {MERCHANT}",
  "helpline open 24/7, reply within {digits} minutes",
  "offer: {digits} % off on {CATEGORY} at {MERCHANT} till {DATE}, min order {MONEY}",
  "did {person} pay the {CATEGORY}? it was {MONEY} on {DATE}",
];
const openings = ["", "", "", "hi ", "Hello, ", "FYI: ", "urgent! ", "pls check - "];
const endings = ["", "", "", ".", " thanks", " - HDFC Bank", " Not you? Call 1800", " asap"];

const monthNames = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September"],
  ...["October", "November", "December"],
];
/** Shops that a model's lists may know. */
const knownMerchants = [
  ...["Swiggy", "Flipkart", "BigBasket", "IRCTC", "Ola", "BookMyShow", "Reliance Fresh", "DMart"],
];
/** Parts of the names of others, most of them met once. */
const owners = [
  ...["Sharma", "Ganesh", "Lakshmi", "Kerala", "Mehta", "Patel", "Singh", "Royal", "New Delhi"],
  ...["Annapurna", "Krishna", "Modern", "Udupi", "Shree Balaji", "Khan", "Das", "Rao", "Green"],
];
const trades = [
  ...["Stores", "Medicals", "Silks", "Electricals", "Travels", "Motors", "Sweets", "& Sons"],
  ...[
    "Cafe",
    "Provision",
    "Fuel Point",
    "Tailors",
    "Book Depot",
    "Foods",
    "Insurance",
    "Jewellers",
  ],
];
/** People: they are paid as shops are, and are none. */
const people = ["Asha", "Rahul Verma", "my brother", "Meera", "Imran Khan", "Mrs Rao", "Das ji"];
const categories = [
  ...[
    "groceries",
    "fuel",
    "rent",
    "electricity bill",
    "food",
    "travel",
    "medicines",
    "school fees",
  ],
  ...["insurance", "mutual fund", "gold loan", "tuition", "gym", "house help", "pet food"],
];

/**
 * Messages as CSV with the columns text and entities, spans in code points. Some are in small or
 * capital letters or mistyped, some have an emoji. The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(madeUpPayments(12, 1).split("\n").length, 14); // a header, and an end of line
 * ```
 */
export function madeUpPayments(count: number, seed: number): string {
  const random = new Random(seed);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = Array.from({ length: count }, () => {
    const { text, entities } = message(random);
    return `${quoted(text)},${quoted(JSON.stringify(entities))}`;
  });
  return `${["text,entities", ...lines].join("\n")}\n`;
}

interface Entity {
  readonly start: number;
  readonly end: number;
  readonly label: Label;
}

function message(random: Random): { readonly text: string; readonly entities: Entity[] } {
  const way = random.choice(ways);
  const style = random.next();
  const styled = (part: string) =>
    style < 0.15 ? part.toLowerCase() : style < 0.25 ? part.toUpperCase() : part;
  let text = random.next() < 0.1 ? random.choice(["💸 ", "⚠️ ", "🙏 "]) : "";
  const entities: Entity[] = [];
  text += styled(random.choice(openings));
  for (const [, name, said] of way.matchAll(/\{(\w+)\}|([^{]+)/g)) {
    if (said !== undefined) text += styled(said);
    else if (name === "digits") text += String(2 + random.int(9000));
    else if (name === "person") text += styled(random.choice(people));
    else {
      const label = name as Label;
      const start = [...text].length;
      text += label === "ACCOUNT" || label === "MONEY"
        ? fillers[label](random)
        : styled(fillers[label](random));
      entities.push({ start, end: [...text].length, label });
    }
  }
  return { text: text + styled(random.choice(endings)), entities };
}

/** One name in ten has two letters swapped. */
function mistyped(text: string, random: Random): string {
  if (random.next() >= 0.1 || text.length < 3) return text;
  const at = 1 + random.int(text.length - 2);
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
}

const fillers: Readonly<Record<Label, (random: Random) => string>> = {
  MONEY(random) {
    const amount = Math.round(Math.exp(3 + 9 * random.next()));
    const grouped = amount.toLocaleString("en-IN");
    const round = (1 + random.int(40)) / 4;
    return random.choice([
      ...[`₹${grouped}`, `Rs. ${grouped}`, `Rs ${amount}`, `INR ${grouped}.00`, `₹ ${grouped}`],
      ...[`₹${round} lakh`, `Rs ${round} crore`, `${amount} rupees`, `${amount}`, `${round}k`],
      `${random.choice(["five", "two", "ten"])} ${random.choice(["thousand", "lakh"])} rupees`,
    ]);
  },
  DATE(random) {
    const [day, month, year] = [1 + random.int(28), random.int(12), 2024 + random.int(3)];
    const two = (value: number) => String(value).padStart(2, "0");
    const name = monthNames[month];
    return random.choice([
      ...[`${day} ${name} ${year}`, `${two(day)}/${two(month + 1)}/${year}`, `${day} ${name}`],
      ...[`${two(day)}-${name.slice(0, 3)}-${year}`, `${year}-${two(month + 1)}-${two(day)}`],
      ...[`${name} ${day}`, `${day} of ${name}`, "yesterday", "today", "last Friday"],
      ...["next month", "Diwali", "the weekend"],
    ]);
  },
  CATEGORY: (random) => mistyped(random.choice(categories), random),
  MERCHANT: (random) =>
    mistyped(
      random.next() < 0.4
        ? random.choice(knownMerchants)
        : `${random.choice(owners)} ${random.choice(trades)}`,
      random,
    ),
  ACCOUNT(random) {
    const last = String(1000 + random.int(9000));
    return random.choice([
      ...[`XX${last}`, `XXXXXX${last}`, `**${last}`, `x${last}`, `ending ${last}`],
      ...[`00${random.int(1e6)}${last}`, `4111 ${last} 1111 ${last}`],
    ]);
  },
};

/** Makes the messages at the default path; a file that the user names must be there. */
export function makePayments(path: string): { make?: () => Promise<void> } {
  if (path !== paymentsPath) return {};
  return { make: () => writeFileAtomic(path, madeUpPayments(MESSAGES, 42)) };
}
