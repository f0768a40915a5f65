/** Bringing the newest values of a history to where servers read them. */

import { UsageError } from "../base/mod.ts";
import type { FeatureHistory } from "./point_in_time.ts";
import type { EntityValues, OnlineStore } from "./store.ts";
import type { EntityId, FeatureView } from "./view.ts";

/** What a materialisation did. */
export interface Materialised {
  /** Name of the view. */
  readonly view: string;
  /** Rows of the history that were new. */
  readonly rows: number;
  /** Entities that have newer values now. */
  readonly entities: number;
  /** From which moment on, exclusive, ISO 8601; null the first time. */
  readonly from: string | null;
  /** Up to which moment, inclusive, ISO 8601. */
  readonly until: string;
}

/** How far a materialisation goes. */
export interface MaterialiseOptions {
  /** Up to which moment, milliseconds since 1970; later values are left for the next time. */
  readonly until: number;
  /** Takes everything again, as after the store was lost. */
  readonly full?: boolean;
  /** Seconds by which rows may come late: so far it looks back behind the last time. */
  readonly lateSeconds?: number;
  /** Calls it off between two pages. */
  readonly signal?: AbortSignal;
}

/** Entities between two looks at the signal. */
const PAGE = 5000;

/**
 * Writes the newest values of each entity, of the moments after the last time up to `until`, and
 * declares the view. What is there of a later moment stays, so that a materialisation may be
 * repeated, or run beside pushes.
 *
 * @throws {UsageError} if requests write the view.
 * @throws {ServiceError} if the store cannot be written; the position stays where it was.
 */
export async function materialise(
  store: OnlineStore,
  view: FeatureView,
  history: FeatureHistory,
  { until, full = false, lateSeconds = 0, signal }: MaterialiseOptions,
): Promise<Materialised> {
  if (view.source !== "step") {
    throw new UsageError(`Cannot materialise the view "${view.name}": requests write it`, {
      next: 'declare it with source "step", or push to POST /features/' + view.name,
    });
  }
  const known = (await store.views()).find(({ name }) => name === view.name);
  // Another declaration may have features that nothing was written of.
  const same = known !== undefined && JSON.stringify(known) === JSON.stringify(view);
  const position = await store.position(view.name);
  const from = full || !same || position === undefined ? -Infinity : position - lateSeconds * 1000;
  const newest = new Map<EntityId, number>();
  let rows = 0;
  history.ids.forEach((id, place) => {
    const time = history.times[place];
    if (id === undefined || time <= from || time > until) return;
    rows++;
    const before = newest.get(id);
    if (before === undefined || isNewer(history, place, before)) newest.set(id, place);
  });
  if (!same) await store.declare(view);
  const names = Object.keys(view.features);
  let entities = 0;
  const all = [...newest];
  for (let at = 0; at < all.length; at += PAGE) {
    signal?.throwIfAborted();
    const page = all.slice(at, at + PAGE).map(([id, place]): EntityValues => ({
      id,
      time: history.times[place],
      values: Object.fromEntries(names.map((name) => [name, history.values[name][place]])),
    }));
    entities += await store.write(view, page);
  }
  if (position === undefined || until > position) await store.setPosition(view.name, until);
  return {
    ...{ view: view.name, rows, entities },
    from: Number.isFinite(from) ? new Date(from).toISOString() : null,
    until: new Date(until).toISOString(),
  };
}

/** Whether a row goes before an earlier one, as in {@linkcode knownAt}. */
function isNewer({ times, created }: FeatureHistory, place: number, before: number): boolean {
  const later = times[place] - times[before] || (created ? created[place] - created[before] : 0);
  return later >= 0;
}
