/**
 * What the months of one customer have in common, drawn from a few numbers that
 * were chosen by eye from the published data: for each tier of credit mix and
 * each trait the best value, the value that 85 % do not exceed, and the worst.
 */

/** How lenders see a customer's mix of credits. */
export type Tier = "Bad" | "Standard" | "Good";

/** Best, usual worst (85 % of the tier) and worst value of a trait. */
export type Spread = readonly [best: number, usual: number, worst: number];

/** Traits that lie on the same side for good payers, and their spreads. */
export const traitSpreads = {
  bankAccounts: { Good: [-0.5, 5.2, 8.4], Standard: [2.5, 7.8, 10.4], Bad: [5.5, 9.8, 10.5] },
  creditCards: { Good: [0.6, 6.2, 7.5], Standard: [2.6, 6.9, 10.4], Bad: [4.6, 9.6, 10.5] },
  interestRate: { Good: [0.5, 10.6, 12.5], Standard: [3.5, 19.5, 34.4], Bad: [14.5, 31.5, 34.5] },
  loans: { Good: [-0.5, 3.8, 4.5], Standard: [-0.2, 4.9, 7.5], Bad: [1.6, 8.4, 9.5] },
  delayDays: { Good: [0, 17, 30], Standard: [5, 27, 58], Bad: [11, 53, 62] },
  delayedPayments: { Good: [-0.5, 12.5, 20], Standard: [7.5, 18.5, 22], Bad: [14.5, 23.5, 26] },
  creditLimitChange: { Good: [0.8, 10.5, 16], Standard: [2, 17, 23], Bad: [1.5, 24, 30] },
  inquiries: { Good: [-0.5, 6.4, 9.4], Standard: [0, 10.4, 16], Bad: [5.5, 13.4, 17] },
  outstandingDebt: { Good: [5, 1280, 1500], Standard: [5, 1500, 2700], Bad: [1280, 4300, 5000] },
  historyMonths: { Good: [397, 220, 190], Standard: [397, 130, 70], Bad: [241, 50, 2] },
  age: { Good: [56, 22, 18], Standard: [55, 20, 14], Bad: [46, 19, 14] },
} as const satisfies Record<string, Record<Tier, Spread>>;

/** Name of a trait that has a spread. */
export type SpreadTrait = keyof typeof traitSpreads;

/**
 * How strongly a trait follows the customer's standing among the customers of
 * the same tier: 0 not at all, 1 wholly.
 */
export const traitLoadings: Readonly<Record<SpreadTrait, number>> = {
  bankAccounts: 0.45,
  creditCards: 0.5,
  interestRate: 0.8,
  loans: 0.5,
  delayDays: 0.65,
  delayedPayments: 0.6,
  creditLimitChange: 0.1,
  inquiries: 0.65,
  outstandingDebt: 0.8,
  historyMonths: 0.65,
  age: 0.2,
};

/** Lowest and highest income of a tier in dollars a year; the logarithm is even between them. */
export const incomes: Readonly<Record<Tier, readonly [number, number]>> = {
  Good: [14_000, 180_000],
  Standard: [8_000, 148_000],
  Bad: [7_000, 84_000],
};

/** Occupations, all equally common. */
export const occupations = [
  "Accountant",
  "Architect",
  "Developer",
  "Doctor",
  "Engineer",
  "Entrepreneur",
  "Journalist",
  "Lawyer",
  "Manager",
  "Mechanic",
  "Media_Manager",
  "Musician",
  "Scientist",
  "Teacher",
  "Writer",
] as const;

/** Types of loans, all equally common; a customer may have several of one type. */
export const loanTypes = [
  "Auto Loan",
  "Credit-Builder Loan",
  "Debt Consolidation Loan",
  "Home Equity Loan",
  "Mortgage Loan",
  "Not Specified",
  "Payday Loan",
  "Personal Loan",
  "Student Loan",
] as const;

/**
 * The value of a trait at a share of its tier.
 *
 * @param share Share of the tier's customers that are better, in [0, 1].
 */
export function traitValue([best, usual, worst]: Spread, share: number): number {
  return share < 0.85
    ? best + (usual - best) * share / 0.85
    : usual + (worst - usual) * (share - 0.85) / 0.15;
}
