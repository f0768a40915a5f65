/** Rules that find amounts, dates and account numbers in a text: the one list of them. */

import { spotAccounts } from "./spot_accounts.ts";
import { spotDates } from "./spot_dates.ts";
import { spotMoney } from "./spot_money.ts";

/** The rules by name. */
export const spotters = {
  money: spotMoney,
  date: spotDates,
  account: spotAccounts,
} as const;

/** Name of a rule. */
export type SpotterName = keyof typeof spotters;

/**
 * What a rule reads a span as; undefined if it reads nothing, more than one thing, or leaves digits
 * over, so that what it reads is a part of what is meant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(spottedValue("money", "Rs. 500 only"), { amount: 500, currency: "INR" });
 * assertEquals(spottedValue("money", "Rs. 500 00"), undefined);
 * ```
 */
export function spottedValue(name: SpotterName, span: string): object | undefined {
  const [found, ...others] = spotters[name](span);
  if (found === undefined || others.length > 0) return undefined;
  const rest = span.slice(0, found.start) + span.slice(found.end);
  return /\p{Nd}/u.test(rest) ? undefined : found.value;
}

/** The names of the rules. */
export const spotterNames = Object.keys(spotters) as readonly SpotterName[];
