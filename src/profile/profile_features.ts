/** How an event differs from what its own entity usually does. */

import { quantileSorted } from "../base/mod.ts";
import { DAY, HOUR, logAmount, nameKey, type NameUse, type Profile } from "./profile.ts";
import type { ProfileEvent, ProfileSpec } from "./spec.ts";

/** Events from which on something counts as usual. */
const FEWEST = 5;

/** From where on more is not told apart: else whoever comes later would be unusual by that alone. */
const ENOUGH = { events: 50, days: 30 };

/** A robust deviation of less than this, of logarithms, is taken for this: about 5 %. */
const FINEST = 0.05;

/** Kilometres along the Earth for each radian. */
const RADIUS = 6371;

/** Fastest way that is told apart, in km/h. */
const FASTEST = 5000;

/** A feature: what it means, and how it comes from an event and the profile before it. */
interface ProfileFeature {
  readonly description: string;
  readonly needs?: "category" | "merchant" | "place";
  readonly of: (event: ProfileEvent, profile: Profile) => number;
}

const features: Readonly<Record<string, ProfileFeature>> = {
  amount_log: {
    description: "Logarithm of 1 + amount",
    of: ({ amount }) => logAmount(amount),
  },
  amount_z: {
    description: "Robust deviations of the amount from the user's usual ones",
    of: ({ amount }, { amounts }) => robustZ(logAmount(amount), amounts),
  },
  category_amount_z: {
    description: "Robust deviations of the amount from the user's usual ones in the category",
    needs: "category",
    of: ({ amount, category }, { categories }) =>
      robustZ(logAmount(amount), useOf(categories, category)?.amounts ?? []),
  },
  over_largest: {
    description: "Logarithm of the amount over the user's largest so far",
    of: ({ amount }, { count, largest }) =>
      count < FEWEST ? NaN : logAmount(amount) - logAmount(largest),
  },
  hour_surprise: {
    description: "How rarely the user is active at this hour, −log of the share of 3 hours",
    of: ({ time }, { hours, count }) => {
      const hour = new Date(time).getUTCHours();
      const near = hours[(hour + 23) % 24] + hours[hour] + hours[(hour + 1) % 24];
      return -Math.log((near + 1) / (count + 8));
    },
  },
  weekday_surprise: {
    description: "How rarely the user is active on this day of the week, −log of its share",
    of: ({ time }, { weekdays, count }) =>
      -Math.log((weekdays[new Date(time).getUTCDay()] + 1) / (count + 7)),
  },
  night: {
    description: "1 from 0:00 to 5:00 UTC",
    of: ({ time }) => Number(new Date(time).getUTCHours() < 5),
  },
  hours_since_last: {
    description: "Logarithm of 1 + hours since the user's latest transaction",
    of: ({ time }, { count, last }) => count === 0 ? NaN : Math.log1p((time - last) / HOUR),
  },
  gap_z: {
    description: "Robust deviations of that time from the user's usual ones",
    of: ({ time }, { count, last, gaps }) =>
      count === 0 ? NaN : robustZ(Math.log1p((time - last) / HOUR), gaps),
  },
  count_1h: {
    description: "The user's transactions in the hour before",
    of: ({ time }, profile) => within(profile, time, HOUR).length,
  },
  count_24h: {
    description: "The user's transactions in the 24 hours before",
    of: ({ time }, profile) => within(profile, time, DAY).length,
  },
  count_7d: {
    description: "The user's transactions in the seven days before",
    of: ({ time }, profile) => within(profile, time, 7 * DAY).length,
  },
  pace: {
    description: "Logarithm of transactions in 24 hours over the user's usual number",
    of: ({ time }, profile) => {
      const days = (time - profile.first) / DAY;
      if (profile.count < FEWEST || days < 1) return NaN;
      return Math.log((within(profile, time, DAY).length + 1) / (profile.count / days + 1));
    },
  },
  spent_24h: {
    description: "Logarithm of 1 + the amounts of the 24 hours before and this one",
    of: ({ time, amount }, profile) => logAmount(amount + spent(profile, time, DAY)),
  },
  spent_24h_share: {
    description: "Logarithm of those amounts over the seven days before, by the day",
    of: ({ time, amount }, profile) =>
      profile.count < FEWEST ? NaN : logAmount(amount + spent(profile, time, DAY)) -
        logAmount(spent(profile, time, 7 * DAY) / 7),
  },
  repeated_24h: {
    description: "Transactions of the very amount in the 24 hours before",
    of: ({ time, amount }, profile) =>
      within(profile, time, DAY).filter(([, other]) => other === amount).length,
  },
  new_merchant: {
    description: "1 if the user has not been with the merchant before",
    needs: "merchant",
    of: ({ merchant }, { merchants, count }) =>
      count === 0 || merchant === "" ? NaN : Number(useOf(merchants, merchant) === undefined),
  },
  merchant_surprise: {
    description: "How rarely the user is with the merchant, −log of its share",
    needs: "merchant",
    of: ({ merchant }, { merchants, count }) => surprise(merchants, merchant, count),
  },
  merchants_24h: {
    description: "Different merchants in the 24 hours before",
    needs: "merchant",
    of: ({ time }, profile) =>
      new Set(within(profile, time, DAY).map(([, , merchant]) => merchant)).size,
  },
  category_surprise: {
    description: "How rarely the user spends in the category, −log of its share",
    needs: "category",
    of: ({ category }, { categories, count }) => surprise(categories, category, count),
  },
  round_amount: {
    description: "How round the amount is: 3 of whole thousands, 2 of hundreds, 1 of tens, else 0",
    of: ({ amount }) => amount === 0 ? 0 : [10, 100, 1000].filter((by) => amount % by === 0).length,
  },
  distance: {
    description: "Logarithm of 1 + kilometres from the user's usual place",
    needs: "place",
    of: ({ latitude, longitude }, { places }) => {
      if (places.length < FEWEST) return NaN;
      const middle = (at: 0 | 1) => median(places.map((place) => place[at]));
      return Math.log1p(kilometres([latitude, longitude], [middle(0), middle(1)]));
    },
  },
  speed: {
    description: "Logarithm of 1 + km/h from the place of the latest transaction",
    needs: "place",
    of: ({ latitude, longitude, time }, { places, placed }) => {
      if (places.length === 0) return NaN;
      const way = kilometres([latitude, longitude], places.at(-1)!);
      return Math.log1p(Math.min(FASTEST, way / Math.max(1 / 60, (time - placed) / HOUR)));
    },
  },
  history: {
    description: "Logarithm of 1 + the user's transactions so far, of many as of 50",
    of: (_, { count }) => Math.log1p(Math.min(count, ENOUGH.events)),
  },
  days_known: {
    description: "Logarithm of 1 + days since the user's first transaction, of many as of 30",
    of: ({ time }, { count, first }) =>
      count === 0 ? 0 : Math.log1p(Math.min((time - first) / DAY, ENOUGH.days)),
  },
};

/** The features that a spec has columns for: what each means, by name. */
export function profileFeatures(spec: ProfileSpec): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(features).filter(([, { needs }]) =>
      needs === undefined || spec[needs] !== undefined
    ).map(([name, { description }]) => [name, description]),
  );
}

/**
 * How an event differs from what is usual of its entity, by the profile before it: nothing that
 * comes later has a say. NaN where too little is known.
 */
export function describeEvent(
  spec: ProfileSpec,
  event: ProfileEvent,
  before: Profile,
): Record<string, number> {
  const described: Record<string, number> = {};
  for (const name in profileFeatures(spec)) described[name] = features[name].of(event, before);
  return described;
}

function within({ recent }: Profile, time: number, window: number): Profile["recent"] {
  let from = recent.length;
  while (from > 0 && recent[from - 1][0] >= time - window) from--;
  return recent.slice(from);
}

function spent(profile: Profile, time: number, window: number): number {
  return within(profile, time, window).reduce((sum, [, amount]) => sum + amount, 0);
}

function useOf(names: Record<string, NameUse>, name: string): NameUse | undefined {
  const key = nameKey(name);
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

function surprise(names: Record<string, NameUse>, name: string, count: number): number {
  if (count === 0 || name === "") return NaN;
  const known = useOf(names, name)?.count ?? 0;
  return -Math.log((known + 1) / (count + Object.keys(names).length + 1));
}

/** (value − median) / (1.4826 × median absolute deviation), NaN if few values are known. */
function robustZ(value: number, usual: readonly number[]): number {
  if (usual.length < FEWEST) return NaN;
  const centre = median(usual);
  const spread = 1.4826 * median(usual.map((other) => Math.abs(other - centre)));
  return (value - centre) / Math.max(spread, FINEST);
}

function median(values: readonly number[]): number {
  return quantileSorted(Float64Array.from(values).sort(), 0.5);
}

/** The way along a great circle (haversine). */
function kilometres(from: readonly [number, number], to: readonly [number, number]): number {
  const radians = (degrees: number) => degrees * Math.PI / 180;
  const [north, east] = [radians(to[0] - from[0]), radians(to[1] - from[1])];
  const half = Math.sin(north / 2) ** 2 +
    Math.cos(radians(from[0])) * Math.cos(radians(to[0])) * Math.sin(east / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(half)));
}
