/** Budgets, savings and shares, reckoned exactly. */

import { z } from "zod";
import { amount, monthCount, rupees, spokenTerms, yearlyRate } from "./amounts.ts";
import { Rational } from "./rational.ts";
import type { Tool } from "./tool.ts";

const shareOf = (value: number, percent: number) =>
  Rational.decimal(value).times(Rational.decimal(percent)).over(Rational.whole(100)).rounded(2);

const splitInput = z.strictObject({
  monthly_income: amount.positive().describe("Income of a month after tax, in rupees"),
  needs_percent: z.number().min(0).max(100).default(50),
  wants_percent: z.number().min(0).max(100).default(30),
}).refine(({ needs_percent, wants_percent }) => needs_percent + wants_percent <= 100, {
  message: "needs and wants are at most 100 percent together",
});

/** An income split into needs, wants and savings. */
export const budgetSplit: Tool<z.output<typeof splitInput>> = {
  name: "budget_split",
  description: "Splits a monthly income into needs, wants and savings, 50/30/20 where no other " +
    "shares are told.",
  input: splitInput as z.ZodType<z.output<typeof splitInput>>,
  call({ monthly_income, needs_percent, wants_percent }) {
    const [needs, wants] = [
      shareOf(monthly_income, needs_percent),
      shareOf(monthly_income, wants_percent),
    ];
    const savings = Rational.decimal(monthly_income).minus(Rational.decimal(needs))
      .minus(Rational.decimal(wants)).rounded(2);
    return Promise.resolve({
      ...{ monthly_income, needs_percent, wants_percent },
      savings_percent: Rational.whole(100).minus(Rational.decimal(needs_percent))
        .minus(Rational.decimal(wants_percent)).rounded(6),
      ...{ needs, wants, savings },
    });
  },
  read(question) {
    if (
      !/\b(?:50[\s/:-]+30[\s/:-]+20|split|divide)\b/i.test(question) ||
      !/\b(?:income|salary|budget|earn|pay)\b/i.test(question)
    ) return undefined;
    const { amounts, rate, months } = spokenTerms(question.replace(/50[\s/:-]+30[\s/:-]+20/, " "));
    if (amounts.length !== 1 || rate !== undefined || months !== undefined) return undefined;
    return splitInput.safeParse({ monthly_income: amounts[0] }).data;
  },
  say: ({ monthly_income, needs_percent, wants_percent, savings_percent, needs, wants, savings }) =>
    `Of ${rupees(monthly_income)} a month, ${rupees(needs)} (${needs_percent}%) is for needs, ` +
    `${rupees(wants)} (${wants_percent}%) for wants and ${
      rupees(savings)
    } (${savings_percent}%) for savings.`,
};

const planInput = z.strictObject({
  goal: amount.positive().describe("What is to be there in the end, in rupees"),
  months: monthCount.describe("Months until then"),
  saved: amount.default(0).describe("What is there already, in rupees"),
  annual_rate_percent: yearlyRate.default(0).describe(
    "Rate for a year that is assumed, in percent, added by the month; 0 for none",
  ),
});

/** What to put aside each month for a goal. */
export const savingsPlan: Tool<z.output<typeof planInput>> = {
  name: "savings_plan",
  description: "What to save at the end of each month to reach a goal in so many months, at a " +
    "rate that the user assumes.",
  input: planInput as z.ZodType<z.output<typeof planInput>>,
  call({ goal, months, saved, annual_rate_percent }) {
    const one = Rational.whole(1);
    const rate = Rational.decimal(annual_rate_percent).over(Rational.whole(1200));
    const growth = one.plus(rate).power(months);
    const missing = Rational.decimal(goal).minus(Rational.decimal(saved).times(growth));
    const worth = rate.numerator === 0n ? Rational.whole(months) : growth.minus(one).over(rate);
    const monthly = missing.above(Rational.whole(0)) ? missing.over(worth).rounded(2) : 0;
    return Promise.resolve({ goal, months, saved, annual_rate_percent, monthly_saving: monthly });
  },
  read(question) {
    if (
      !/\b(?:save|put aside|set aside)\b/i.test(question) ||
      !/\b(?:how much|what)\b/i.test(question)
    ) return undefined;
    const { amounts, rate, months } = spokenTerms(question);
    if (amounts.length !== 1) return undefined;
    return planInput.safeParse({ goal: amounts[0], months, annual_rate_percent: rate }).data;
  },
  say: ({ goal, months, saved, annual_rate_percent, monthly_saving }) =>
    `To have ${rupees(goal)} in ${months} months` +
    (Number(saved) > 0 ? `, with ${rupees(saved)} there already` : "") +
    (Number(annual_rate_percent) > 0
      ? `, at an assumed rate of ${annual_rate_percent}% a year`
      : "") +
    `, ${rupees(monthly_saving)} is put aside each month.`,
};

const depositInput = z.strictObject({
  principal: amount.positive().describe("What is put in, in rupees"),
  annual_rate_percent: yearlyRate.describe("Rate for a year, in percent"),
  months: monthCount.describe("Months that it stays"),
  times_a_year: z.literal([1, 2, 4, 12]).default(4).describe(
    "How often interest is added: 4 for deposits of Indian banks",
  ),
});

/** What a deposit at a fixed rate comes to. */
export const depositGrowth: Tool<z.output<typeof depositInput>> = {
  name: "deposit_growth",
  description: "What a fixed deposit at a rate that is told comes to with compound interest; the " +
    "months are whole periods of it.",
  input: (depositInput as z.ZodType<z.output<typeof depositInput>>).refine(
    ({ months, times_a_year }) => months * times_a_year % 12 === 0,
    { message: "months are whole periods of the interest" },
  ),
  call({ principal, annual_rate_percent, months, times_a_year }) {
    const rate = Rational.decimal(annual_rate_percent).over(Rational.whole(100 * times_a_year));
    const growth = Rational.whole(1).plus(rate).power(months * times_a_year / 12);
    const maturity = Rational.decimal(principal).times(growth).rounded(2);
    return Promise.resolve({
      ...{ principal, annual_rate_percent, months, times_a_year, maturity },
      interest: Rational.decimal(maturity).minus(Rational.decimal(principal)).rounded(2),
    });
  },
  read(question) {
    if (
      !/\b(?:fd|fixed deposit|deposit|compound)\b/i.test(question) ||
      !/\b(?:how much|what|maturity|worth|become|interest)\b/i.test(question)
    ) return undefined;
    const { amounts: [principal, ...others], rate, months } = spokenTerms(question);
    const told = { principal, annual_rate_percent: rate, months };
    if (others.length > 0 || months === undefined || months % 3 !== 0) return undefined;
    return depositInput.safeParse(told).data;
  },
  say: ({ principal, annual_rate_percent, months, times_a_year, maturity, interest }) =>
    `A deposit of ${rupees(principal)} at ${annual_rate_percent}% a year for ${months} months, ` +
    `with interest added ${times_a_year} times a year, comes to ${rupees(maturity)}, of which ` +
    `${rupees(interest)} is interest.`,
};

const ratioInput = z.strictObject({
  monthly_income: amount.positive().describe("Income of a month, in rupees"),
  monthly_debt: amount.describe("Instalments of all debts in a month, in rupees"),
});

/** How much of an income debts take. */
export const debtRatio: Tool<z.output<typeof ratioInput>> = {
  name: "debt_to_income",
  description: "The share of a monthly income that instalments of debts take, in percent.",
  input: ratioInput,
  call({ monthly_income, monthly_debt }) {
    const percent = Rational.decimal(monthly_debt).times(Rational.whole(100))
      .over(Rational.decimal(monthly_income)).rounded(2);
    return Promise.resolve({ monthly_income, monthly_debt, ratio_percent: percent });
  },
  read(question) {
    if (
      !/\b(?:debt|emi|instal?lments?|loans?)\b[^.?!]*\bratio\b|\b(?:share|percent\w*|ratio|much) of my (?:income|salary)\b|\bdebt[- ]to[- ]income\b/i
        .test(question)
    ) return undefined;
    // Each amount by the words that stand with it.
    const clauses = question.split(/\b(?:and|but|while|with)\b|[;?]|\.\s|,\s/i)
      .map((clause) => ({ clause, amounts: spokenTerms(clause).amounts }))
      .filter(({ amounts }) => amounts.length > 0);
    if (clauses.length !== 2 || clauses.some(({ amounts }) => amounts.length !== 1)) {
      return undefined;
    }
    const income = clauses.filter(({ clause }) =>
      /\b(?:income|salary|earn\w*|pay|take[- ]home)\b/i.test(clause)
    );
    const debt = clauses.filter(({ clause }) =>
      /\b(?:emis?|debts?|instal?lments?|loans?|repay\w*)\b/i.test(clause)
    );
    if (income.length !== 1 || debt.length !== 1 || income[0] === debt[0]) return undefined;
    const told = { monthly_income: income[0].amounts[0], monthly_debt: debt[0].amounts[0] };
    return ratioInput.safeParse(told).data;
  },
  say: ({ monthly_income, monthly_debt, ratio_percent }) =>
    `Instalments of ${rupees(monthly_debt)} take ${ratio_percent}% of an income of ${
      rupees(monthly_income)
    } a month.`,
};

const percentInput = z.strictObject({
  percent: z.number().min(0).max(1000),
  of: amount.describe("The whole, in rupees"),
});

/** A share of an amount. */
export const percentOf: Tool<z.output<typeof percentInput>> = {
  name: "percent_of",
  description: "So many percent of an amount.",
  input: percentInput,
  call: ({ percent, of }) => Promise.resolve({ percent, of, amount: shareOf(of, percent) }),
  read(question) {
    const found = /\bwhat (?:is|are|would be)\s+\d[\d.,]*\s?(?:%|per ?cent|percent) of\b/i.test(
      question,
    );
    const { amounts, rate, months } = spokenTerms(question);
    if (!found || amounts.length !== 1 || months !== undefined) return undefined;
    return percentInput.safeParse({ percent: rate, of: amounts[0] }).data;
  },
  say: ({ percent, of, amount }) => `${percent}% of ${rupees(of)} is ${rupees(amount)}.`,
};
