/** What was known at a moment: joins that let no value from the future in. */

import { DataError } from "../base/mod.ts";
import { type Cell, parseMoment, type Table } from "../dataset/mod.ts";
import {
  type EntityId,
  entityIdOf,
  type FeatureView,
  type StoredKind,
  type StoredValue,
  storedValueOf,
} from "./view.ts";

/** Values as they came to be true, in the order of the file. */
export interface FeatureHistory {
  /** Whose; undefined where a row tells no entity. */
  readonly ids: readonly (EntityId | undefined)[];
  /** When, milliseconds since 1970. */
  readonly times: Float64Array;
  /** When each was written down, where that is known: the later word counts of one moment. */
  readonly created?: Float64Array;
  /** By feature. */
  readonly values: Readonly<Record<string, readonly StoredValue[]>>;
}

/** Which columns of a table are what. */
export interface HistoryColumns {
  /** The column of the moment, ISO 8601 or milliseconds since 1970. */
  readonly time: string;
  /** The column of the moment at which a row was written down. */
  readonly created?: string;
  /** The column of the id; the name of the entity if it is left out. */
  readonly id?: string;
}

/**
 * Reads a history from a table.
 *
 * @throws {DataError} for a column that is missing, a moment that is none, a value of another kind.
 */
export function readFeatureHistory(
  view: FeatureView,
  table: Table,
  columns: HistoryColumns,
): FeatureHistory {
  const of = (name: string) => columnOf(view, table, name);
  const values = Object.entries(view.features).map(([name, kind]) => {
    const cells = of(name).map((cell, row) => {
      const value = storedValueOf(kind, plainCell(kind, cell));
      if (value !== undefined) return value;
      throw new DataError(
        `Cannot read the view "${view.name}": row ${row + 1} has ${JSON.stringify(cell)} as ` +
          `"${name}", which is of kind ${kind}`,
        { next: "correct the row, or the kind of the feature" },
      );
    });
    return [name, cells] as const;
  });
  return {
    ids: of(columns.id ?? view.entity.name).map((cell) => entityIdOf(view, cell)),
    times: momentsOf(view, of(columns.time), columns.time),
    ...columns.created !== undefined && {
      created: momentsOf(view, of(columns.created), columns.created),
    },
    values: Object.fromEntries(values),
  };
}

/**
 * For each row the place in the history of the newest value that was known at its moment: not
 * later than it, and no older than the TTL. Of one moment the one written down last counts, then
 * the one that stands last.
 *
 * @param ids Whose row it is.
 * @param times Its moment, milliseconds since 1970.
 * @param ttlSeconds Values count up to this age, inclusive; for ever if it is left out.
 * @returns A place for each row, −1 where nothing was known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const history = {
 *   ids: ["a", "a"],
 *   times: Float64Array.of(1000, 3000),
 *   values: { total: [10, 30] },
 * };
 * const at = Float64Array.of(999, 1000, 2999, 3000);
 * assertEquals([...knownAt(["a", "a", "a", "a"], at, history)], [-1, 0, 0, 1]);
 * ```
 */
export function knownAt(
  ids: readonly (EntityId | undefined)[],
  times: Float64Array,
  history: FeatureHistory,
  ttlSeconds = Infinity,
): Int32Array {
  const byEntity = placesByEntity(history);
  return Int32Array.from(ids, (id, row) => {
    const places = id === undefined ? undefined : byEntity.get(id);
    if (places === undefined) return -1;
    // The first place that is later than the row.
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (history.times[places[middle]] <= times[row]) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const place = places[low - 1];
    return times[row] - history.times[place] <= ttlSeconds * 1000 ? place : -1;
  });
}

/** A view to join, and where its history is. */
export interface ViewJoin {
  /** The view. */
  readonly view: FeatureView;
  /** Its values as they came to be true. */
  readonly history: FeatureHistory;
  /** Column of the rows that holds the id; the name of the entity if it is left out. */
  readonly id?: string;
}

/**
 * Adds the features of views to rows, each as it was known at the row's moment. Truth values
 * become `true` and `false`.
 *
 * @param time Column of the rows' moments.
 * @throws {DataError} for a column that is missing, or is there already.
 */
export function joinViews(table: Table, time: string, joins: readonly ViewJoin[]): Table {
  const columns: Record<string, readonly Cell[]> = { ...table.columns };
  for (const { view, history, id = view.entity.name } of joins) {
    const ids = columnOf(view, table, id).map((cell) => entityIdOf(view, cell));
    const moments = momentsOf(view, columnOf(view, table, time), time);
    const places = knownAt(ids, moments, history, view.ttlSeconds);
    for (const [name, values] of Object.entries(history.values)) {
      if (name in columns) {
        throw new DataError(
          `Cannot join the view "${view.name}": the rows have a column "${name}" already`,
          { next: "rename one of them" },
        );
      }
      columns[name] = Array.from(places, (place) => {
        const value = place < 0 ? null : values[place];
        return typeof value === "boolean" ? String(value) : value;
      });
    }
  }
  return { rows: table.rows, columns };
}

/** Places of each entity's values, from the first that was known to the last. */
function placesByEntity({ ids, times, created }: FeatureHistory): Map<EntityId, number[]> {
  const byEntity = new Map<EntityId, number[]>();
  ids.forEach((id, place) => {
    if (id === undefined) return;
    const own = byEntity.get(id);
    if (own === undefined) byEntity.set(id, [place]);
    else own.push(place);
  });
  for (const places of byEntity.values()) {
    places.sort((a, b) => times[a] - times[b] || (created ? created[a] - created[b] : 0) || a - b);
  }
  return byEntity;
}

function columnOf(view: FeatureView, table: Table, name: string): readonly Cell[] {
  if (Object.hasOwn(table.columns, name)) return table.columns[name];
  throw new DataError(
    `Cannot read the view "${view.name}": there is no column "${name}"; there are ${
      Object.keys(table.columns).join(", ")
    }`,
    { next: "correct the name of the column, or the declaration of the view" },
  );
}

function momentsOf(view: FeatureView, cells: readonly Cell[], name: string): Float64Array {
  return Float64Array.from(cells, (cell, row) => {
    const moment = typeof cell === "number" ? cell : cell === null ? NaN : parseMoment(cell);
    if (moment >= 0) return moment;
    throw new DataError(
      `Cannot read the view "${view.name}": row ${row + 1} has ${
        JSON.stringify(cell)
      } as "${name}"`,
      { next: "write moments since 1970 as 2026-01-31T10:00:00Z, or in milliseconds" },
    );
  });
}

/** A cell as a value of its kind, where it is plainly one: files of CSV hold nothing but texts. */
function plainCell(kind: StoredKind, cell: Cell): Cell | boolean {
  if (cell === null || cell === "") return null;
  switch (kind) {
    case "text":
      return String(cell);
    case "number":
    case "integer":
      return typeof cell === "string" && plainNumber.test(cell.trim()) ? Number(cell) : cell;
    case "boolean": {
      const text = String(cell).trim().toLowerCase();
      return text === "true" || text === "1"
        ? true
        : text === "false" || text === "0"
        ? false
        : cell;
    }
  }
}

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
