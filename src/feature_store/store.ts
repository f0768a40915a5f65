/** Where the newest values of each entity are kept for serving. */

import type { EntityId, FeatureView, StoredValue } from "./view.ts";

/** Where the file is if nothing else is said. */
export const defaultStorePath = "data/features/online.db";

/** Feast's project if nothing else is said. */
export const defaultProject = "dinoflow";

/** Values of an entity, of one moment. */
export interface EntityValues {
  /** Whose they are. */
  readonly id: EntityId;
  /** When they came to be true, milliseconds since 1970. */
  readonly time: number;
  /** By feature; a feature that is left out keeps nothing. */
  readonly values: Readonly<Record<string, StoredValue>>;
}

/** What is kept of an entity. */
export type KeptValues = Omit<EntityValues, "id">;

/**
 * A store for serving. Views are declared in it, so that whoever reads knows them; values of an
 * entity never give way to older ones, whoever writes last.
 */
export interface OnlineStore extends AsyncDisposable {
  /** Where it is, as people are told. */
  readonly place: string;
  /** Why it cannot be asked now, undefined if it can. */
  readonly trouble: string | undefined;
  /** The views that are declared. */
  views(): Promise<readonly FeatureView[]>;
  /** Declares a view, in the place of an earlier declaration. */
  declare(view: FeatureView): Promise<void>;
  /**
   * Keeps values that are not older than what is there.
   *
   * @returns How many entities changed.
   */
  write(view: FeatureView, rows: readonly EntityValues[]): Promise<number>;
  /** What is kept of each entity, undefined of one that is not known; past its TTL too. */
  read(view: FeatureView, ids: readonly EntityId[]): Promise<(KeptValues | undefined)[]>;
  /** Up to which moment a view was materialised, milliseconds since 1970. */
  position(view: string): Promise<number | undefined>;
  /** Notes up to which moment it was. */
  setPosition(view: string, until: number): Promise<void>;
}
