/** What tools take of money and time, and how results are said. */

import { z } from "zod";
import { figuresIn } from "../guardrails/figures.ts";

/** An amount of money, in rupees and paise. */
export const amount: z.ZodNumber = z.number().min(0).max(1e12);

/** A rate for a year, in percent. */
export const yearlyRate: z.ZodNumber = z.number().min(0).max(100);

/** Months. */
export const monthCount: z.ZodNumber = z.int().min(1).max(600);

/**
 * An amount as it is written in India.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(rupees(1234567.5), "₹12,34,567.50");
 * ```
 */
export function rupees(value: unknown): string {
  const [whole, part] = Math.abs(Number(value)).toFixed(2).split(".");
  const grouped = whole.replace(/(?<=\d)(?=(?:\d{2})*\d{3}$)/g, ",");
  return `${Number(value) < 0 ? "-" : ""}₹${grouped}${part === "00" ? "" : `.${part}`}`;
}

/** What the words of a question say of money and time. */
export interface SpokenTerms {
  /** Amounts of money, in their order. */
  readonly amounts: readonly number[];
  /** A rate for a year, in percent, if exactly one is told. */
  readonly rate: number | undefined;
  /** A time in months, if exactly one is told. */
  readonly months: number | undefined;
}

const time = /(\d+(?:\.\d+)?|\p{L}+(?:-\p{L}+)?)[\s-]?(years?|yrs?|months?|mths?)\b/giu;

/** Reads the amounts, the rate and the time that a question tells. */
export function spokenTerms(question: string): SpokenTerms {
  const times: number[] = [];
  const rest = question.replaceAll(time, (text, number: string, unit: string) => {
    const [found] = figuresIn(number);
    if (found === undefined) return text;
    times.push(found.value * (/^y/i.test(unit) ? 12 : 1));
    return " ";
  });
  const figures = figuresIn(rest);
  const rates = figures.filter(({ percent }) => percent).map(({ value }) => value);
  return {
    amounts: figures.filter(({ percent }) => !percent).map(({ value }) => value),
    rate: rates.length === 1 ? rates[0] : undefined,
    months: times.length === 1 && Number.isInteger(times[0]) ? times[0] : undefined,
  };
}
