/** From an event, as a transaction, to the record of a model that reads how it is unusual. */

import {
  advance,
  describeEvent,
  emptyProfile,
  type EventFault,
  type Profile,
  type ProfileEvent,
  type Profiles,
  readEvent,
} from "../../src/profile/mod.ts";
import type { RawRecord } from "../contract.ts";
import { type Fault, mostFaults } from "../http/problem.ts";
import { type Warning, warningOf } from "./understanding.ts";

/** Earlier events that a request may send along. */
export const longestHistory = 500;

/** Milliseconds that the clock of a caller may be ahead. */
const AHEAD = 24 * 3_600_000;

/** An event as a record. */
export interface DescribedEvent {
  /** The columns of the model. */
  readonly record: RawRecord;
  /** Whose event it is. */
  readonly entity: string;
  readonly warnings: readonly Warning[];
}

/**
 * Describes events by the profile of their entity after the training, the events that a request
 * sends along as `history`, and nothing that came later.
 */
export class EventReader {
  /** Takes what the model's metadata say. */
  constructor(private readonly profiles: Profiles) {}

  /** Whether a record is an event, and not the model's columns themselves. */
  reads(record: unknown): record is Readonly<Record<string, unknown>> {
    return typeof record === "object" && record !== null &&
      Object.hasOwn(record, this.profiles.spec.entity);
  }

  /**
   * Describes an event.
   *
   * @param at JSON pointer to it.
   * @param faults Gets everything that is wrong.
   * @returns Undefined if something is.
   */
  describe(
    sent: Readonly<Record<string, unknown>>,
    at: string,
    faults: Fault[],
  ): DescribedEvent | undefined {
    const { spec, states } = this.profiles;
    const before = faults.length;
    const refuse = (column: string, detail: string) => {
      if (faults.length < mostFaults) faults.push({ pointer: `${at}/${column}`, detail });
    };
    const read = (cells: Readonly<Record<string, unknown>>, prefix: string) => {
      const wrong: EventFault[] = [];
      const own = (name: string) => Object.hasOwn(cells, name) ? cells[name] : undefined;
      const event = readEvent(spec, own, wrong);
      for (const { column, fault } of wrong) refuse(prefix + column, fault);
      return event;
    };
    const event = read(sent, "");
    const history = this.#history(sent, event, read, refuse);
    if (event === undefined || history === undefined) return undefined;
    const { entity, time } = event;
    if (time > Date.now() + AHEAD) {
      refuse(spec.time, "it lies in the future, wanted a moment that has passed");
    }
    const known = Object.hasOwn(states, entity) ? states[entity] : undefined;
    const profile = withHistory(known, history);
    if (profile.count > 0 && time < profile.last) {
      const latest = new Date(profile.last).toISOString();
      refuse(spec.time, `the clock goes back: ${latest} is known already, wanted that or later`);
    }
    if (faults.length > before) return undefined;
    const described = describeEvent(spec, event, profile);
    return {
      record: Object.fromEntries(
        Object.entries(described).map((
          [name, value],
        ) => [name, Number.isNaN(value) ? null : value]),
      ),
      entity,
      warnings: profile.count > 0
        ? []
        : [warningOf(spec.entity, entity, "never seen: nothing is known that is usual of it")],
    };
  }

  /** The events that were sent along, by time; undefined if something is wrong with them. */
  #history(
    { history = [] }: Readonly<Record<string, unknown>>,
    event: ProfileEvent | undefined,
    read: (cells: Readonly<Record<string, unknown>>, prefix: string) => ProfileEvent | undefined,
    refuse: (column: string, detail: string) => void,
  ): ProfileEvent[] | undefined {
    const { spec } = this.profiles;
    if (history === null) return [];
    if (!Array.isArray(history) || history.length > longestHistory) {
      refuse("history", `wanted a list of at most ${longestHistory} earlier events`);
      return undefined;
    }
    const events: ProfileEvent[] = [];
    for (const [i, cells] of history.entries()) {
      if (typeof cells !== "object" || cells === null || Array.isArray(cells)) {
        refuse(`history/${i}`, "wanted an object");
        return undefined;
      }
      const own = read({ [spec.entity]: event?.entity, ...cells }, `history/${i}/`);
      if (own === undefined || event === undefined) return undefined;
      if (own.entity !== event.entity) {
        refuse(`history/${i}/${spec.entity}`, "it is another's event, wanted the same");
        return undefined;
      }
      if (own.time > event.time) {
        refuse(`history/${i}/${spec.time}`, "it is later than the event itself");
        return undefined;
      }
      events.push(own);
    }
    return events.sort((a, b) => a.time - b.time);
  }
}

/** The profile after further events; those that it knows already are left out. */
function withHistory(known: Profile | undefined, history: readonly ProfileEvent[]): Profile {
  const further = known === undefined ? history : history.filter(({ time }) => time > known.last);
  if (known !== undefined && further.length === 0) return known;
  const profile = known === undefined ? emptyProfile() : structuredClone(known);
  for (const event of further) advance(profile, event);
  return profile;
}
