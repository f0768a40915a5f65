/** Made-up loans with the columns of the public credit-risk table. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";

/** Where the loans lie unless the user names another file. */
export const loansPath = "data/raw/credit_risk.csv";

/** How many loans are made up. */
const LOANS = 8000;

const header = [
  ...["person_age", "person_income", "person_home_ownership", "person_emp_length", "loan_intent"],
  ...["loan_grade", "loan_amnt", "loan_int_rate", "loan_percent_income"],
  ...["cb_person_default_on_file", "cb_person_cred_hist_length", "loan_status"],
];
const owners = ["Rent", "Mortgage", "Own", "Other"];
const intents = ["Personal", "Education", "Medical", "Venture", "Homeimprovement"];
const grades = ["A", "B", "C", "D", "E", "F", "G"];

/**
 * Loans as CSV, one in twelve not paid back; some lengths of employment and some
 * rates are missing. The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(madeUpLoans(10, 1).split("\n").length, 12); // a header, and an end of line
 * ```
 */
export function madeUpLoans(count: number, seed: number): string {
  const random = new Random(seed);
  const lines = Array.from({ length: count }, () => {
    const age = 20 + Math.floor(8 * random.next() + 30 * random.next() ** 3);
    const income = Math.round(1000 * Math.exp(3.9 + 0.5 * random.normal()));
    const owner = owners[[0, 0, 0, 1, 1, 1, 2, 3][random.int(8)]];
    const employed = Math.min(age - 18, Math.floor(10 * random.next()));
    const grade = Math.min(6, Math.floor(Math.abs(1.6 * random.normal())));
    const rate = Math.max(5.4, 7.5 + 2.6 * grade + random.normal());
    const amount = Math.min(35_000, 500 * Math.ceil(2 + 40 * random.next() ** 2));
    const share = amount / income;
    const defaulted = random.next() < 0.1 + 0.06 * grade;
    const risk = -4.2 + 6 * share + 0.55 * grade + (owner === "Rent" ? 0.9 : 0) +
      (defaulted ? 0.3 : 0) - 0.00001 * income + 0.7 * random.normal();
    const lost = random.next() < 1 / (1 + Math.exp(-1.6 * risk));
    return [
      ...[age, income, owner, random.next() < 0.03 ? "" : employed, intents[random.int(5)]],
      ...[grades[grade], amount, random.next() < 0.1 ? "" : rate.toFixed(2), share.toFixed(2)],
      ...[defaulted ? "Y" : "N", Math.min(age - 18, 2 + random.int(8)), Number(lost)],
    ].join(",");
  });
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

/** Makes the loans at the default path; a file that the user names must be there. */
export function makeLoans(path: string): { make?: () => Promise<void> } {
  if (path !== loansPath) return {};
  return { make: () => writeFileAtomic(path, madeUpLoans(LOANS, 42)) };
}
