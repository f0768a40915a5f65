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

/** The names of the rules. */
export const spotterNames = Object.keys(spotters) as readonly SpotterName[];
