/** The faults of the published file: missing values, markers and absurd numbers. */

import type { Random } from "../../src/base/mod.ts";
import type { RawColumnName, RawRow } from "./raw_row.ts";

/** A way to spoil a cell, and the share of cells that it spoils. */
interface Fault {
  readonly share: number;
  readonly spoil: (value: string, random: Random) => string;
}

const missing = (share: number): Fault => ({ share, spoil: () => "" });
const marker = (share: number, text: string): Fault => ({ share, spoil: () => text });
const underscore = (share: number): Fault => ({ share, spoil: (value) => `${value}_` });
const absurd = (share: number, low: number, high: number, decimals = 0): Fault => ({
  share,
  spoil: (_, random) => Math.floor(random.uniform(low, high)).toFixed(decimals),
});

/** What may happen to a cell of each column, at the rates of the published file. */
export const faults: Readonly<Partial<Record<RawColumnName, readonly Fault[]>>> = {
  Name: [missing(0.1)],
  Age: [marker(0.009, "-500"), absurd(0.019, 101, 8700), underscore(0.049)],
  SSN: [marker(0.056, "#F%$D@*&8")],
  Occupation: [marker(0.07, "_______")],
  Annual_Income: [absurd(0.01, 300_000, 24_000_000, 1), underscore(0.07)],
  Monthly_Inhand_Salary: [missing(0.15)],
  Num_Bank_Accounts: [marker(0.0003, "-1"), absurd(0.013, 30, 1800)],
  Num_Credit_Card: [absurd(0.023, 30, 1500)],
  Interest_Rate: [absurd(0.02, 60, 5800)],
  Num_of_Loan: [marker(0.039, "-100"), absurd(0.0045, 30, 1500), underscore(0.048)],
  Num_of_Delayed_Payment: [
    missing(0.07),
    absurd(0.0065, -3, 0),
    absurd(0.0075, 60, 4400),
    underscore(0.028),
  ],
  Changed_Credit_Limit: [marker(0.021, "_")],
  Num_Credit_Inquiries: [missing(0.02), absurd(0.0165, 60, 2600, 1)],
  Credit_Mix: [marker(0.2, "_")],
  Outstanding_Debt: [underscore(0.0105)],
  Credit_History_Age: [missing(0.09)],
  Payment_of_Min_Amount: [marker(0.12, "NM")],
  Total_EMI_per_month: [absurd(0.033, 5000, 82_000, 1)],
  Amount_invested_monthly: [missing(0.045), marker(0.043, "__10000__")],
  Payment_Behaviour: [marker(0.076, "!@9#%8")],
  Monthly_Balance: [missing(0.012), marker(0.0001, "__-333333333333333333333333333__")],
};

const faultyColumns = Object.entries(faults) as [RawColumnName, readonly Fault[]][];

/** The row with some of its cells spoiled; at most one fault to a cell. */
export function soil(row: RawRow, random: Random): RawRow {
  const soiled = { ...row };
  for (const [column, ways] of faultyColumns) {
    let at = random.next();
    const fault = ways.find(({ share }) => (at -= share) < 0);
    if (fault) soiled[column] = fault.spoil(row[column], random);
  }
  return soiled;
}
