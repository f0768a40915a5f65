/** Made-up loans, and how their customers had paid before, up to today. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";

/** Where the loans lie unless the user names another file. */
export const loansAskedPath = "data/raw/repayment.csv";

/** Where the history of payments lies. */
export const historyPath = "data/raw/payments.csv";

const CUSTOMERS = 1200;
const DAY = 86_400_000;
const channels = ["app", "branch", "web"];
const purposes = ["car", "home", "other"];

/** Loans and the history of their customers, as CSV. */
export interface MadeUpRepayments {
  readonly loans: string;
  readonly history: string;
}

/**
 * Makes them up. Who pays late goes on doing so; a loan was asked for between two looks at the
 * history, of which the later ones know how it ended. The same for the same seed and moment.
 *
 * @param until The last moment of the history, milliseconds since 1970.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { loans } = madeUpRepayments(10, 1, Date.UTC(2026, 0, 1));
 * assertEquals(loans.split("\n").length, 12); // a header, and an end of line
 * ```
 */
export function madeUpRepayments(count: number, seed: number, until: number): MadeUpRepayments {
  const random = new Random(seed);
  const history: string[] = ["customer,known_at,payments_90d,late_90d,mean_payment,channel"];
  const loans: string[] = ["customer,asked_at,amount,purpose,late"];
  for (let at = 0; at < count; at++) {
    const customer = `C${String(at + 1).padStart(4, "0")}`;
    const careless = random.next() ** 2;
    const usual = Math.exp(5 + 0.6 * random.normal());
    const moment = (daysAgo: number) => new Date(until - daysAgo * DAY).toISOString();
    const asked = 20 + 160 * random.next();
    let lateBefore = 0;
    for (let daysAgo = 360 - 30 * random.next(); daysAgo > 0; daysAgo -= 20 + 20 * random.next()) {
      const payments = 2 + random.int(5);
      let late = 0;
      for (let i = 0; i < payments; i++) if (random.next() < careless) late++;
      if (daysAgo >= asked) lateBefore = late;
      const mean = (usual * (0.9 + 0.2 * random.next())).toFixed(2);
      history.push(
        [customer, moment(daysAgo), payments, late, mean, channels[random.int(3)]].join(","),
      );
    }
    const amount = 500 + Math.round(9500 * random.next() ** 2);
    const risk = -2.2 + 0.9 * lateBefore + amount / usual / 40 + 0.5 * random.normal();
    const late = random.next() < 1 / (1 + Math.exp(-risk)) ? 1 : 0;
    loans.push([customer, moment(asked), amount, purposes[random.int(3)], late].join(","));
  }
  return { loans: loans.join("\n") + "\n", history: history.join("\n") + "\n" };
}

/** The start of the day: both files are made of one history. */
const today = () => Math.floor(Date.now() / DAY) * DAY;

/** Makes the history at its path. */
export async function makeHistory(): Promise<void> {
  await writeFileAtomic(historyPath, madeUpRepayments(CUSTOMERS, 42, today()).history);
}

/** Makes the loans at the default path; a file that the user names must be there. */
export function makeLoansAsked(path: string): { make?: () => Promise<void> } {
  if (path !== loansAskedPath) return {};
  return { make: () => writeFileAtomic(path, madeUpRepayments(CUSTOMERS, 42, today()).loans) };
}
