/** Made-up transactions over years: what users spend each month has a level, a trend and a season. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";

/** Where the transactions lie unless the user names another file. */
export const spendingPath = "data/raw/spending.csv";

const USERS = 12;
const FIRST = { year: 2021, month: 0 };
const MONTHS = 60;
const DAY = 86_400_000;

/**
 * What a category costs in a month in rupees, how many purchases that takes, and how much more than
 * usual it is from January on: festivals in October and November, summers that are hot, holidays.
 */
const categories = {
  groceries: {
    amount: 9000,
    purchases: 10,
    season: [0, -0.02, 0, 0, 0.02, 0, 0, 0.03, 0.04, 0.15, 0.12, 0.02],
  },
  utilities: {
    amount: 3200,
    purchases: 3,
    season: [-0.1, -0.12, 0.02, 0.2, 0.32, 0.25, 0.1, 0.05, 0, -0.05, -0.1, -0.12],
  },
  shopping: {
    amount: 6000,
    purchases: 4,
    season: [-0.1, -0.12, -0.05, -0.05, 0, -0.08, 0.02, 0.12, 0.1, 0.6, 0.45, 0.1],
  },
  travel: {
    amount: 5000,
    purchases: 2,
    season: [-0.15, -0.2, 0, 0.25, 0.6, 0.15, -0.2, -0.2, -0.1, 0.15, 0.05, 0.5],
  },
} as const;

const names = Object.keys(categories) as (keyof typeof categories)[];

/**
 * Transactions as CSV in the order of time, with the columns `user`, `time`, `amount`, `currency`,
 * `category` and `merchant`. The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [header, first] = madeUpSpending({ users: 1, months: 2, seed: 1 }).split("\n");
 * assertEquals(header, "user,time,amount,currency,category,merchant");
 * assertEquals(first.slice(0, 13), "u0001,2021-01");
 * ```
 */
export function madeUpSpending(
  { users, months, seed }: {
    readonly users: number;
    readonly months: number;
    readonly seed: number;
  },
): string {
  const lines: (readonly [time: number, line: string])[] = [];
  for (let u = 0; u < users; u++) {
    const user = `u${String(u + 1).padStart(4, "0")}`;
    const random = new Random(seed, u);
    const wealth = Math.exp(0.4 * random.normal());
    for (const category of names) {
      const { amount, purchases, season } = categories[category];
      const level = amount * wealth * Math.exp(0.25 * random.normal());
      const trend = 0.004 + 0.006 * random.normal();
      const strength = 0.6 + 0.8 * random.next();
      let drift = 0;
      for (let m = 0; m < months; m++) {
        drift = 0.6 * drift + 0.04 * random.normal();
        const month = (FIRST.month + m) % 12;
        const total = level * Math.exp(trend * m + drift) * (1 + strength * season[month]);
        lines.push(...monthOf(user, category, m, total, purchases, random));
      }
    }
  }
  lines.sort(([a, one], [b, other]) => a - b || (one < other ? -1 : 1));
  const header = "user,time,amount,currency,category,merchant";
  return `${[header, ...lines.map(([, line]) => line)].join("\n")}\n`;
}

/** The purchases of a month, which come to about its total; the last one on its last day. */
function monthOf(
  user: string,
  category: string,
  m: number,
  total: number,
  purchases: number,
  random: Random,
): (readonly [number, string])[] {
  const start = Date.UTC(FIRST.year, FIRST.month + m, 1);
  const days = (Date.UTC(FIRST.year, FIRST.month + m + 1, 1) - start) / DAY;
  const shares = Array.from({ length: purchases }, () => 0.4 + random.next());
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share, i) => {
    const day = i === purchases - 1 ? days - 1 : random.int(days);
    const time = start + day * DAY + Math.floor((9 + 11 * random.next()) * 3_600_000);
    const cells = [
      ...[user, new Date(time).toISOString().slice(0, 19) + "Z", (total * share / sum).toFixed(2)],
      ...["INR", category, `${category}-${1 + random.int(8)}`],
    ];
    return [time, cells.join(",")] as const;
  });
}

/** Makes the transactions at the default path; a file that the user names must be there. */
export function makeSpending(path: string): { make?: () => Promise<void> } {
  if (path !== spendingPath) return {};
  const made = () => madeUpSpending({ users: USERS, months: MONTHS, seed: 42 });
  return { make: () => writeFileAtomic(path, made()) };
}
