/** What is remembered of an entity's events: bounded, plain data, advanced event by event. */

import type { ProfileEvent } from "./spec.ts";

/** Hour and day in milliseconds. */
export const HOUR = 3_600_000;
/** A day in milliseconds. */
export const DAY = 24 * HOUR;

/** Events whose amounts, gaps and places count as usual: the latest. */
const USUAL = 64;
/** Of each category. */
const USUAL_OF_CATEGORY = 16;
/** Events that windows of time look back on. */
const RECENT = 128;
/** The longest window. */
const LONGEST = 7 * DAY;
/** Merchants, and categories, that are remembered: the latest. */
const NAMES = 64;

/** What is known of one name, as of a category. */
export interface NameUse {
  /** Events with it. */
  count: number;
  /** Logarithms of 1 + amount of the latest of them. */
  amounts: number[];
}

/** The profile of an entity. */
export interface Profile {
  /** Events so far. */
  count: number;
  /** Moment of the first, in milliseconds since 1970. */
  first: number;
  /** Moment of the latest. */
  last: number;
  /** The largest amount. */
  largest: number;
  /** Logarithms of 1 + amount of the latest events. */
  amounts: number[];
  /** Logarithms of 1 + hours between the latest events. */
  gaps: number[];
  /** Events by hour of the day, UTC. */
  hours: number[];
  /** Events by day of the week, Sunday first. */
  weekdays: number[];
  /** What is known of each merchant, the one of longest ago first. */
  merchants: Record<string, NameUse>;
  /** What is known of each category. */
  categories: Record<string, NameUse>;
  /** Moment, amount and merchant of the events of the last seven days. */
  recent: [time: number, amount: number, merchant: string][];
  /** Where the latest events with a place were: latitude and longitude. */
  places: [latitude: number, longitude: number][];
  /** Moment of the latest event with a place. */
  placed: number;
}

/** The profile of an entity of which nothing is known. */
export function emptyProfile(): Profile {
  return {
    ...{ count: 0, first: 0, last: 0, largest: 0, amounts: [], gaps: [] },
    hours: new Array<number>(24).fill(0),
    weekdays: new Array<number>(7).fill(0),
    ...{ merchants: {}, categories: {}, recent: [], places: [], placed: 0 },
  };
}

/** What amounts are compared by: they spread over orders of magnitude, and refunds are negative. */
export function logAmount(amount: number): number {
  return Math.sign(amount) * Math.log1p(Math.abs(amount));
}

/** Adds an event, which must not be earlier than the latest, to a profile in place. */
export function advance(profile: Profile, event: ProfileEvent): void {
  const { time, amount, category, merchant, latitude, longitude } = event;
  const log = logAmount(amount);
  if (profile.count === 0) profile.first = time;
  else keep(profile.gaps, Math.log1p((time - profile.last) / HOUR), USUAL);
  profile.count++;
  profile.last = time;
  profile.largest = profile.count === 1 ? amount : Math.max(profile.largest, amount);
  keep(profile.amounts, log, USUAL);
  const moment = new Date(time);
  profile.hours[moment.getUTCHours()]++;
  profile.weekdays[moment.getUTCDay()]++;
  use(profile.merchants, merchant, log, 0);
  use(profile.categories, category, log, USUAL_OF_CATEGORY);
  keep(profile.recent, [time, amount, merchant], RECENT);
  while (profile.recent[0][0] < time - LONGEST) profile.recent.shift();
  if (!Number.isNaN(latitude + longitude)) {
    keep(profile.places, [latitude, longitude], USUAL);
    profile.placed = time;
  }
}

function keep<T>(list: T[], value: T, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}

/** Counts a name as the latest; the one of longest ago is forgotten. */
function use(names: Record<string, NameUse>, name: string, log: number, amounts: number): void {
  if (name === "") return;
  // A sign before it: names of digits would be put first, "__proto__" would be none.
  const key = nameKey(name);
  const known = names[key] ?? { count: 0, amounts: [] };
  delete names[key];
  known.count++;
  if (amounts > 0) keep(known.amounts, log, amounts);
  names[key] = known;
  for (const oldest in names) {
    if (Object.keys(names).length <= NAMES) break;
    delete names[oldest];
  }
}

/** What a name is called in a profile. */
export function nameKey(name: string): string {
  return `=${name}`;
}
