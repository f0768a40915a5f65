/** One made-up customer: what stays the same over the months. */

import type { Random } from "../../src/base/mod.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import {
  incomes,
  loanTypes,
  occupations,
  type SpreadTrait,
  type Tier,
  traitLoadings,
  traitSpreads,
  traitValue,
} from "./traits.ts";

/** What stays the same over the months of a customer. */
export interface Customer extends Readonly<Record<SpreadTrait, number>> {
  /** How well the customer pays, standard normal; nobody sees it but through the rest. */
  readonly standing: number;
  /** Credit mix. */
  readonly tier: Tier;
  readonly occupation: string;
  /** Dollars a year. */
  readonly annualIncome: number;
  /** Dollars a month after tax. */
  readonly monthlySalary: number;
  /** Types of the loans, one for each. */
  readonly loanTypes: readonly string[];
  /** Dollars a month for all loans. */
  readonly installments: number;
  /** Whether only the minimum amount is paid. */
  readonly paysMinimum: boolean;
  /** Month in which the customer turns a year older, 0 to 11. */
  readonly birthMonth: number;
}

/** Correlation between a customer's standing and credit mix. */
const STANDING_IN_TIER = 0.68;
/** Standard normal numbers that part the tiers: 24 % Bad, 46 % Standard, 30 % Good. */
const TIER_CUTS = [normalQuantile(0.24), normalQuantile(0.7)];
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Draws customer number `index`.
 *
 * The standing of successive customers walks the golden ratio's multiples, so
 * that any number of customers has nearly the same shares of classes. Traits
 * follow a Gaussian copula: credit mix depends on standing, and within a tier
 * each trait depends on what the tier does not tell of the standing.
 *
 * @param random Generator of this customer alone.
 * @param offset Where the walk starts, in [0, 1), the same for all customers.
 */
export function drawCustomer(index: number, random: Random, offset: number): Customer {
  const standing = normalQuantile((offset + index * GOLDEN_RATIO) % 1);
  const unseen = Math.sqrt(1 - STANDING_IN_TIER ** 2);
  const mix = STANDING_IN_TIER * standing + unseen * random.normal();
  const tier = mix < TIER_CUTS[0] ? "Bad" : mix < TIER_CUTS[1] ? "Standard" : "Good";
  const residual = (standing - STANDING_IN_TIER * mix) / unseen;

  const trait = (name: SpreadTrait) => {
    const loading = traitLoadings[name];
    const score = loading * residual + Math.sqrt(1 - loading ** 2) * random.normal();
    return traitValue(traitSpreads[name][tier], normalCdf(-score));
  };
  const whole = (name: SpreadTrait) => Math.max(0, Math.round(trait(name)));
  const loans = whole("loans");
  const [lowest, highest] = incomes[tier];
  const annualIncome = lowest * (highest / lowest) ** random.next();
  const monthlySalary = annualIncome / 12 * Math.max(0.5, random.normal(1, 0.08));

  return {
    standing,
    tier,
    loans,
    annualIncome,
    monthlySalary,
    bankAccounts: whole("bankAccounts"),
    creditCards: whole("creditCards"),
    interestRate: Math.max(1, whole("interestRate")),
    delayDays: whole("delayDays"),
    delayedPayments: whole("delayedPayments"),
    creditLimitChange: trait("creditLimitChange"),
    inquiries: whole("inquiries"),
    outstandingDebt: trait("outstandingDebt"),
    historyMonths: whole("historyMonths"),
    age: whole("age"),
    occupation: random.choice(occupations),
    loanTypes: Array.from({ length: loans }, () => random.choice(loanTypes)),
    // At most a tenth of the salary, so that every month leaves something over.
    installments: monthlySalary * Math.min(0.1, 0.0077 * loans * Math.exp(random.normal(0, 0.35))),
    paysMinimum: tier === "Bad" || (tier === "Standard" && random.next() < 0.77),
    birthMonth: random.int(12),
  };
}
