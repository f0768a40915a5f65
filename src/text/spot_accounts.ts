/** Numbers of accounts and cards, masked or whole. */

import type { Spotted } from "./spotted.ts";

/** The number of an account or a card. */
export interface Account {
  /** Its digits and the letters that mask them, as `XX4521`. */
  readonly number: string;
}

/** Masked digits, runs of four, or nine to eighteen digits; codes of banks' branches (IFSC) too. */
const accounts = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:[xX*]{2,12}[\s-]?\d{3,6}|\d{4}(?:[\s-]\d{4}){2,3}|\d{9,18}|` +
    String.raw`[A-Z]{4}0[A-Z0-9]{6})(?![\p{L}\p{N}])`,
  "gu",
);

/**
 * Finds numbers of accounts and cards: `XX4521`, `4111 1111 1111 1111`, `003401552317`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = spotAccounts("from A/c XX4521 to 003401552317 on 12/05/2026");
 * assertEquals(found.map(({ value }) => value.number), ["XX4521", "003401552317"]);
 * ```
 */
export function spotAccounts(text: string): Spotted<Account>[] {
  return Array.from(text.matchAll(accounts), ({ 0: all, index }) => ({
    start: index,
    end: index + all.length,
    value: { number: all.replaceAll(/[\s-]/g, "").replaceAll("*", "X").toUpperCase() },
  }));
}
