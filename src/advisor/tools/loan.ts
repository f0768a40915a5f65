/** Instalments of loans, reckoned exactly. */

import { z } from "zod";
import { UsageError } from "../../base/mod.ts";
import { amount, monthCount, rupees, spokenTerms, yearlyRate } from "./amounts.ts";
import { Rational } from "./rational.ts";
import type { Tool } from "./tool.ts";

/** A rate for a month as a fraction, of one for a year in percent. */
const monthly = (percent: number) => Rational.decimal(percent).over(Rational.whole(1200));

/** What one rupee a month for so many months is worth today. */
function presentValue(rate: Rational, months: number): Rational {
  if (rate.numerator === 0n) return Rational.whole(months);
  const one = Rational.whole(1);
  const growth = one.plus(rate).power(months);
  return growth.minus(one).over(growth.times(rate));
}

/**
 * The equated monthly instalment of a loan, rounded to paise, a half up.
 *
 * @param percent Rate for a year, in percent, charged by the month on what is left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(instalmentOf(500000, 10, 60), 10623.52);
 * ```
 */
export function instalmentOf(principal: number, percent: number, months: number): number {
  return Rational.decimal(principal).over(presentValue(monthly(percent), months)).rounded(2);
}

const loanTerms = z.strictObject({
  principal: amount.positive().describe("What is borrowed, in rupees"),
  annual_rate_percent: yearlyRate.describe("Rate for a year, in percent"),
  months: monthCount.describe("Months in which it is paid back"),
});

/** The instalment of a loan, with what it costs in all. */
export const loanPayment: Tool<z.output<typeof loanTerms>> = {
  name: "loan_payment",
  description: "The equated monthly instalment (EMI) of a loan, and what is paid in all.",
  input: loanTerms,
  call({ principal, annual_rate_percent, months }) {
    const instalment = instalmentOf(principal, annual_rate_percent, months);
    const total = Rational.decimal(instalment).times(Rational.whole(months));
    return Promise.resolve({
      ...{ principal, annual_rate_percent, months, monthly_payment: instalment },
      total_paid: total.rounded(2),
      total_interest: total.minus(Rational.decimal(principal)).rounded(2),
    });
  },
  read(question) {
    if (
      !/\b(?:emi|instal?lments?|monthly (?:loan )?(?:payment|repayment)|repay (?:each|every|per) month)\b/i
        .test(question)
    ) return undefined;
    const { amounts: [principal, ...others], rate, months } = spokenTerms(question);
    const told = { principal, annual_rate_percent: rate, months };
    return others.length === 0 ? loanTerms.safeParse(told).data : undefined;
  },
  say: ({ principal, annual_rate_percent, months, monthly_payment, total_paid, total_interest }) =>
    `A loan of ${rupees(principal)} at ${annual_rate_percent}% a year over ${months} months has ` +
    `an instalment of ${rupees(monthly_payment)} a month. In all ${rupees(total_paid)} is paid, ` +
    `of which ${rupees(total_interest)} is interest.`,
};

const affordable = z.strictObject({
  monthly_payment: amount.positive().describe("What can be paid each month, in rupees"),
  annual_rate_percent: yearlyRate.describe("Rate for a year, in percent"),
  months: monthCount.describe("Months in which it is paid back"),
});

/** The largest loan that an instalment pays back. */
export const affordableLoan: Tool<z.output<typeof affordable>> = {
  name: "affordable_loan",
  description: "The largest loan that a monthly instalment pays back in so many months.",
  input: affordable,
  call({ monthly_payment, annual_rate_percent, months }) {
    const principal = Rational.decimal(monthly_payment)
      .times(presentValue(monthly(annual_rate_percent), months)).rounded(2);
    return Promise.resolve({ monthly_payment, annual_rate_percent, months, principal });
  },
  say: ({ principal, annual_rate_percent, months, monthly_payment }) =>
    `${rupees(monthly_payment)} a month pays back ${rupees(principal)} at ` +
    `${annual_rate_percent}% a year over ${months} months.`,
};

const prepaid = z.strictObject({
  balance: amount.positive().describe("What is still owed, in rupees"),
  annual_rate_percent: yearlyRate.describe("Rate for a year, in percent"),
  monthly_payment: amount.positive().describe("What is paid each month, in rupees"),
});

/** Months until a debt is paid, each month's interest rounded to paise. */
export const debtPayoff: Tool<z.output<typeof prepaid>> = {
  name: "debt_payoff",
  description: "How many months a debt, as that of a credit card, takes to be paid by a fixed " +
    "monthly payment, and the interest until then.",
  input: prepaid,
  call({ balance, annual_rate_percent, monthly_payment }) {
    const rate = monthly(annual_rate_percent);
    const payment = Rational.decimal(monthly_payment);
    let left = Rational.decimal(balance);
    let interest = Rational.whole(0);
    if (!payment.above(left.times(rate).roundedTo(2))) {
      throw new UsageError(
        `Cannot pay the debt off: ${rupees(monthly_payment)} a month is not more than its interest`,
        { next: "pay more each month" },
      );
    }
    let count = 0;
    while (left.above(Rational.whole(0))) {
      if (++count > 1200) {
        throw new UsageError("Cannot pay the debt off within 1200 months", {
          next: "pay more each month",
        });
      }
      const own = left.times(rate).roundedTo(2);
      interest = interest.plus(own);
      left = left.plus(own).minus(payment);
    }
    const total = Rational.decimal(balance).plus(interest);
    return Promise.resolve({
      ...{ balance, annual_rate_percent, monthly_payment, months: count },
      ...{ total_interest: interest.rounded(2), total_paid: total.rounded(2) },
      last_payment: payment.plus(left).rounded(2),
    });
  },
  say: ({ balance, annual_rate_percent, monthly_payment, months, total_interest }) =>
    `${rupees(balance)} at ${annual_rate_percent}% a year is paid off in ${months} months by ` +
    `${rupees(monthly_payment)} a month, with ${rupees(total_interest)} of interest.`,
};
