/** Made-up transactions of users with habits of their own, some of them not theirs. */

import { Random, writeFileAtomic } from "../../src/base/mod.ts";

/** Where the transactions lie unless the user names another file. */
export const transactionsPath = "data/raw/transactions.csv";

const USERS = 120;
const DAYS = 120;
const FIRST = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** Share of days of a user on which somebody else uses the account. */
const STOLEN = 0.002;

const header = [
  ...["user", "time", "amount", "currency", "merchant", "category"],
  ...["latitude", "longitude", "is_fraud"],
].join(",");

const cities = [[19.08, 72.88], [28.61, 77.21], [12.97, 77.59], [22.57, 88.36], [17.39, 78.49]];
const far = [[51.51, -0.13], [1.35, 103.82], [40.71, -74.01], [55.76, 37.62]];
/** Usual amounts in rupees, and shops to choose among. */
const categories = {
  groceries: { amount: 900, shops: 14 },
  restaurants: { amount: 650, shops: 20 },
  transport: { amount: 220, shops: 6 },
  utilities: { amount: 1800, shops: 5 },
  shopping: { amount: 2600, shops: 25 },
  travel: { amount: 7000, shops: 8 },
} as const;
type Category = keyof typeof categories;
const names = Object.keys(categories) as Category[];

interface User {
  readonly name: string;
  readonly home: readonly number[];
  /** How much of the usual amounts. */
  readonly wealth: number;
  readonly perDay: number;
  readonly hour: number;
  readonly likes: readonly Category[];
  readonly shops: Readonly<Record<string, readonly string[]>>;
}

function makeUser(name: string, random: Random): User {
  const city = cities[random.int(cities.length)];
  const likes = names.flatMap((category) =>
    new Array<Category>(1 + random.int(category === "travel" ? 1 : 5)).fill(category)
  );
  const shops = Object.fromEntries(names.map((category) => [
    category,
    Array.from({ length: 2 + random.int(4) }, () => shop(category, random)),
  ]));
  return {
    name,
    home: city.map((degrees) => degrees + 0.05 * random.normal()),
    wealth: Math.exp(0.5 * random.normal()),
    perDay: 0.6 + 2.4 * random.next(),
    hour: 11 + random.int(9),
    likes,
    shops,
  };
}

const shop = (category: Category, random: Random) =>
  `${category}-${1 + random.int(categories[category].shops)}`;

type Line = readonly [time: number, cells: readonly (string | number)[]];

function usual(user: User, time: number, random: Random): Line {
  const category = user.likes[random.int(user.likes.length)];
  const known = user.shops[category];
  const merchant = random.next() < 0.9 ? known[random.int(known.length)] : shop(category, random);
  const exact = categories[category].amount * user.wealth * Math.exp(0.45 * random.normal());
  const amount = random.next() < 0.15 ? Math.max(10, 50 * Math.round(exact / 50)) : exact;
  // Now and then somebody is on the way.
  const away = random.next() < 0.02 ? 2 : 0.04;
  return line(user, time, amount, merchant, category, [
    user.home[0] + away * random.normal(),
    user.home[1] + away * random.normal(),
  ], 0);
}

function line(
  { name }: User,
  time: number,
  amount: number,
  merchant: string,
  category: string,
  [latitude, longitude]: readonly number[],
  fraud: 0 | 1,
): Line {
  return [time, [
    ...[name, new Date(time).toISOString().slice(0, 19) + "Z", amount.toFixed(2), "INR"],
    ...[merchant, category, latitude.toFixed(4), longitude.toFixed(4), fraud],
  ]];
}

/** One to six transactions of a thief: far away, at night, large or many, in new shops. */
function stolen(user: User, day: number, random: Random): Line[] {
  const manner = random.int(4);
  const place = manner === 1 ? user.home : far[random.int(far.length)];
  const night = manner === 3 ? user.hour : 1 + random.int(4);
  const start = day + night * HOUR + random.int(HOUR);
  const count = manner === 2 ? 4 + random.int(3) : 1 + random.int(2);
  return Array.from({ length: count }, (_, i) => {
    const category = (["shopping", "travel"] as const)[random.int(2)];
    const times = manner === 2 ? 0.8 : 3 + 5 * random.next();
    const exact = categories[category].amount * user.wealth * times;
    const amount = random.next() < 0.5 ? Math.max(1000, 1000 * Math.round(exact / 1000)) : exact;
    const time = start + i * (4 + random.int(8)) * 60_000;
    return line(user, time, amount, shop(category, random), category, place, 1);
  });
}

/**
 * Transactions as CSV in the order of time, one in about 250 a fraud. The same for the same seed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [first] = madeUpTransactions({ users: 2, days: 3, seed: 1 }).split("\n");
 * assertEquals(first.split(",")[0], "user");
 * ```
 */
export function madeUpTransactions(
  { users, days, seed, stolen: share = STOLEN }: {
    readonly users: number;
    readonly days: number;
    readonly seed: number;
    /** Share of days of a user on which somebody else uses the account. */
    readonly stolen?: number;
  },
): string {
  const lines: Line[] = [];
  for (let u = 0; u < users; u++) {
    const random = new Random(seed, u);
    const user = makeUser(`u${String(u + 1).padStart(4, "0")}`, random);
    for (let d = 0; d < days; d++) {
      const day = FIRST + d * 24 * HOUR;
      const weekend = [0, 6].includes(new Date(day).getUTCDay()) ? 1.5 : 1;
      const count = poisson(user.perDay * weekend, random);
      for (let i = 0; i < count; i++) {
        const hour = Math.min(23.9, Math.max(6, user.hour + 3 * random.normal()));
        lines.push(usual(user, Math.floor(day + hour * HOUR), random));
      }
      // Nobody steals an account that has hardly been used.
      if (d > 20 && random.next() < share) lines.push(...stolen(user, day, random));
    }
  }
  lines.sort(([a], [b]) => a - b);
  return `${[header, ...lines.map(([, cells]) => cells.join(","))].join("\n")}\n`;
}

/** A number of events of which `mean` are expected (Knuth). */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random.next()];
  while (product > limit) {
    count++;
    product *= random.next();
  }
  return count;
}

/** Makes the transactions at the default path; a file that the user names must be there. */
export function makeTransactions(path: string): { make?: () => Promise<void> } {
  if (path !== transactionsPath) return {};
  const made = () => madeUpTransactions({ users: USERS, days: DAYS, seed: 42 });
  return { make: () => writeFileAtomic(path, made()) };
}
