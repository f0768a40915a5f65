/** Tables of events as tables of what is unusual about each. */

import { DataError } from "../base/mod.ts";
import type { Cell, Table } from "../dataset/mod.ts";
import { advance, emptyProfile, type Profile } from "./profile.ts";
import { describeEvent, profileFeatures } from "./profile_features.ts";
import { eventColumns, readEvent } from "./read_event.ts";
import type { EventFault, ProfileEvent, ProfileSpec } from "./spec.ts";

/** A declared profile, with what is known of entities. */
export interface Profiles {
  /** What the columns of events stand for. */
  readonly spec: ProfileSpec;
  /** The profile of each entity that is kept. */
  readonly states: Readonly<Record<string, Profile>>;
}

/** Entities whose profiles are kept with a model: those that were active last. */
export const MOST_ENTITIES = 2000;

/** Faults that an error shows. */
const SHOWN = 3;

/**
 * Adds the features of each event to a table of events. Events of an entity are taken in the
 * order of time, of one moment in that of the table; each sees only those before it. A table
 * that has the features already is left as it is.
 *
 * @returns The table with its columns and the features, rows in their order, and the profiles
 * after the last event.
 * @throws {DataError} if a column is missing or a cell cannot be read, with the first rows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spec = { entity: "user", time: "time", amount: "amount" };
 * const { table } = profileTable(spec, {
 *   rows: 2,
 *   columns: {
 *     user: ["a", "a"],
 *     time: ["2026-01-02T10:00:00Z", "2026-01-01T10:00:00Z"],
 *     amount: [5, 7],
 *   },
 * });
 * assertEquals(table.columns.count_24h, [1, 0]);
 * ```
 */
export function profileTable(
  spec: ProfileSpec,
  table: Table,
): { readonly table: Table; readonly profiles: Profiles } {
  const names = Object.keys(profileFeatures(spec));
  if (names.every((name) => Object.hasOwn(table.columns, name))) {
    return { table, profiles: { spec, states: {} } };
  }
  const events = readEvents(spec, table);
  const order = Int32Array.from(events.keys())
    .sort((a, b) => events[a].time - events[b].time || a - b);
  const columns = Object.fromEntries(names.map((name) => [name, new Array<Cell>(table.rows)]));
  const profiles = new Map<string, Profile>();
  for (const row of order) {
    const event = events[row];
    const profile = profiles.get(event.entity) ?? emptyProfile();
    const described = describeEvent(spec, event, profile);
    for (const name of names) {
      columns[name][row] = Number.isNaN(described[name]) ? null : described[name];
    }
    advance(profile, event);
    profiles.set(event.entity, profile);
  }
  const latest = [...profiles].sort(([, a], [, b]) => b.last - a.last).slice(0, MOST_ENTITIES);
  return {
    table: { rows: table.rows, columns: { ...table.columns, ...columns } },
    profiles: { spec, states: Object.fromEntries(latest) },
  };
}

function readEvents(spec: ProfileSpec, { rows, columns }: Table): ProfileEvent[] {
  const missing = eventColumns(spec).filter((name) => !Object.hasOwn(columns, name));
  if (missing.length > 0) {
    throw new DataError(`Cannot read events: column "${missing[0]}" is missing`, {
      next: `give a table with ${eventColumns(spec).join(", ")}`,
    });
  }
  const wrong: string[] = [];
  let count = 0;
  const events: ProfileEvent[] = [];
  for (let row = 0; row < rows; row++) {
    const faults: EventFault[] = [];
    const event = readEvent(spec, (name) => columns[name][row], faults);
    if (event !== undefined) events.push(event);
    else if (count++ < SHOWN) {
      wrong.push(...faults.map(({ column, fault }) => `row ${row + 1}, ${column}: ${fault}`));
    }
  }
  if (count === 0) return events;
  throw new DataError(
    `Cannot read ${count} of ${rows} events: ${wrong.slice(0, SHOWN).join("; ")}`,
    { next: "correct these rows or leave them out" },
  );
}
