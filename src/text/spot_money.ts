/** Amounts of money as people in India and elsewhere write them. */

import type { Spotted } from "./spotted.ts";

/** An amount of money. */
export interface Money {
  /** How much, in whole units of the currency. */
  readonly amount: number;
  /** Currency by ISO 4217. */
  readonly currency: string;
}

const currencies: Readonly<Record<string, string>> = {
  ...{ "₹": "INR", rs: "INR", re: "INR", inr: "INR", rupee: "INR", rupees: "INR", "रु": "INR" },
  ...{ "रुपये": "INR", "$": "USD", usd: "USD", dollar: "USD", dollars: "USD", us$: "USD" },
  ...{ "€": "EUR", eur: "EUR", euro: "EUR", euros: "EUR", "£": "GBP", gbp: "GBP", pounds: "GBP" },
};

const scales: Readonly<Record<string, number>> = {
  ...{ k: 1e3, thousand: 1e3, lakh: 1e5, lakhs: 1e5, lac: 1e5, lacs: 1e5, l: 1e5, "लाख": 1e5 },
  ...{
    crore: 1e7,
    crores: 1e7,
    cr: 1e7,
    "करोड़": 1e7,
    m: 1e6,
    mn: 1e6,
    million: 1e6,
    millions: 1e6,
  },
  ...{ bn: 1e9, billion: 1e9, billions: 1e9 },
};

const alternatives = (names: readonly string[]) =>
  [...names].sort((a, b) => b.length - a.length).map((name) => name.replace("$", "\\$")).join("|");

const currency = `(?:${alternatives(Object.keys(currencies))})`;
const scale = `(?:${alternatives(Object.keys(scales))})`;
/** `1,234.50` and `1,00,000`; as much of Europe writes them: `1.234,50` and `12,5`; `1234.5`. */
const digits = String.raw`(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|` +
  String.raw`(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?)` +
  // What goes on, as 1.2.3 or 1e5, is another number than its beginning.
  String.raw`(?![.,]?\d|e[+-]?\d)`;
/** A comma before the decimals, or points between groups. */
const decimalComma = /,\d{1,2}$|\..*\./;
const noLetter = String.raw`(?![\p{L}\p{M}])`;

/** The currency before the number, or after it; between them blanks and a full stop at the most. */
const amounts = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}]|\d[.,])(?:(?<before>${currency})\.?\s{0,2}(?<first>${digits})` +
    String.raw`(?:\s{0,2}(?<scale>${scale})${noLetter})?(?:\s?/-)?` +
    String.raw`|(?<second>${digits})(?:\s{0,2}(?<large>${scale})(?=[\s₹$€£]))?\s{0,2}` +
    String.raw`(?<after>${currency})${noLetter})`,
  "giu",
);

/** From here on a number does not hold all digits of what is written. */
const TOO_LARGE = 1e15;

/**
 * Finds amounts of money: `₹1,50,000`, `Rs. 2.5 lakh`, `500 rupees`, `INR 3 crore`, `$1.2 million`,
 * `1.234,50 €`. What is 10^15 or more is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = spotMoney("Paid Rs. 2.5 lakh and 300 rupees");
 * assertEquals(found.map(({ value }) => value.amount), [250000, 300]);
 * assertEquals(found[0].value.currency, "INR");
 * ```
 */
export function spotMoney(text: string): Spotted<Money>[] {
  return [...text.matchAll(amounts)].flatMap(({ 0: all, index, groups = {} }) => {
    const { before, after, first, second, scale, large } = groups;
    const written = first ?? second;
    const number = Number(
      decimalComma.test(written)
        ? written.replaceAll(".", "").replace(",", ".")
        : written.replaceAll(",", ""),
    );
    const times = scales[(scale ?? large ?? "").toLowerCase()] ?? 1;
    // Rounded to what a decimal fraction of the scale can mean: 1.1 × 1e5 is 110000.00000000001.
    const amount = Number((number * times).toPrecision(15));
    if (amount >= TOO_LARGE) return [];
    const value = { amount, currency: currencies[(before ?? after).toLowerCase()] };
    return [{ start: index, end: index + all.length, value }];
  });
}
