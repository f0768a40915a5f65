/** What is stored of entities, read for requests that name one. */

import { ServiceError } from "../../src/base/mod.ts";
import {
  changesOf,
  type EntityId,
  entityIdOf,
  type FeatureView,
  type KeptValues,
  type OnlineStore,
} from "../../src/feature_store/mod.ts";
import { type Warning, warningOf } from "../model/understanding.ts";

/** How a read came out. */
export type ReadResult = "fresh" | "expired" | "missing" | "failed";

/** What is stored of an entity. */
export interface ReadEntity {
  readonly kept?: KeptValues;
  readonly result: ReadResult;
}

/** Hears of reads; see the metrics. */
export interface ReadListener {
  /** An entity was read. `ageSeconds` is how old its values are, where there are any. */
  read(view: string, result: ReadResult, ageSeconds?: number): void;
}

/** A record with what is stored of its entities. */
export interface CompletedRecord {
  readonly record: unknown;
  /** Stored values that could not be had, and why. */
  readonly warnings: readonly Warning[];
  /** What was taken from the store, by feature. */
  readonly stored: Readonly<Record<string, number | string | null>>;
}

const none: readonly FeatureView[] = [];

/** Reads features for one thread. */
export class FeatureReader {
  #views = none;
  /** Whether the declarations have been read once. */
  #known = false;
  #trouble: string | undefined;
  /** What a view of a model and the one that is stored disagree on. */
  readonly #changes = new WeakMap<
    FeatureView,
    { stored: FeatureView; found: ReturnType<typeof changesOf> }
  >();
  /** Models' views that changed, for who looks after the server. */
  readonly #changed = new Map<string, string>();

  /** Takes the store, who hears of reads, and the time in milliseconds since 1970. */
  constructor(
    private readonly store: OnlineStore,
    private readonly listener: ReadListener,
    private readonly now: () => number = Date.now,
  ) {}

  /** The views that are declared, as they were last seen. */
  get views(): readonly FeatureView[] {
    return this.#views;
  }

  /** Why stored values cannot be had now, and which views are not as models want them. */
  troubles(): string[] {
    const trouble = this.store.trouble ?? this.#trouble;
    return [...trouble === undefined ? [] : [trouble], ...this.#changed.values()];
  }

  /** Looks at the declarations again; a store that is away is told, not thrown. */
  async follow(): Promise<void> {
    try {
      const views = await this.store.views();
      // The same object for the same view, which reads are prepared for.
      this.#views = views.map((view) => {
        const before = this.#views.find(({ name }) => name === view.name);
        return before && JSON.stringify(before) === JSON.stringify(view) ? before : view;
      });
      this.#known = true;
      this.#trouble = undefined;
      this.#changed.clear();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#trouble = error.message;
    }
  }

  /**
   * What is stored of one entity.
   *
   * @throws {ServiceError} if the store is away.
   */
  async one(view: FeatureView, id: EntityId): Promise<ReadEntity> {
    return (await this.many(view, [id]))[0];
  }

  /**
   * What is stored of many, in their order.
   *
   * @throws {ServiceError} if the store is away.
   */
  async many(view: FeatureView, ids: readonly EntityId[]): Promise<ReadEntity[]> {
    let all: readonly (KeptValues | undefined)[];
    try {
      all = await this.store.read(view, ids);
    } catch (error) {
      for (const _ of ids) this.listener.read(view.name, "failed");
      throw error;
    }
    return all.map((kept) => ({ kept, result: this.#judge(view, kept) }));
  }

  /**
   * Records with the stored values of the entities that they name; what a record says itself goes
   * before, null too. What cannot be had is left out, with a warning: predictions go on.
   */
  async complete(
    views: readonly FeatureView[],
    records: readonly unknown[],
    keeps: (field: string) => boolean,
  ): Promise<CompletedRecord[]> {
    const plain = records.map((record) =>
      typeof record === "object" && record !== null && !Array.isArray(record)
        ? record as Record<string, unknown>
        : undefined
    );
    const done = records.map(() => ({
      warnings: [] as Warning[],
      stored: {} as Record<string, number | string | null>,
    }));
    await Promise.all(views.map((view) => this.#add(view, plain, done)));
    const entities = views.map(({ entity }) => entity.name).filter((name) => !keeps(name));
    return records.map((record, at) => {
      if (plain[at] === undefined) return { record, ...done[at] };
      const full: Record<string, unknown> = { ...done[at].stored, ...plain[at] };
      for (const name of entities) delete full[name];
      return { record: full, ...done[at] };
    });
  }

  async #add(
    view: FeatureView,
    records: readonly (Record<string, unknown> | undefined)[],
    done: readonly { warnings: Warning[]; stored: Record<string, number | string | null> }[],
  ): Promise<void> {
    const { entity: { name: entity } } = view;
    const names = Object.keys(view.features);
    const wanted: { readonly at: number; readonly id: string | number }[] = [];
    records.forEach((record, at) => {
      // What the request says itself needs no look.
      if (record === undefined || names.every((name) => record[name] !== undefined)) return;
      const given = record[entity];
      const id = entityIdOf(view, given);
      if (id !== undefined) wanted.push({ at, id });
      else {
        const what = given === undefined || given === null
          ? "missing"
          : `no ${view.entity.kind === "text" ? "text" : "whole number"}`;
        const shown = typeof given === "number" || typeof given === "string" ? given : "";
        done[at].warnings.push(
          warningOf(
            entity,
            shown,
            `${what}: nothing that is stored in the view "${view.name}" was read`,
          ),
        );
      }
    });
    if (wanted.length === 0) return;
    const tell = (at: number, id: string | number, reason: string) =>
      void done[at].warnings.push(
        warningOf(entity, id, `${reason}: the features of "${view.name}" are taken as missing`),
      );
    const changes = this.#changesOf(view);
    if (typeof changes === "string") {
      if (view.optional) return;
      for (const { at, id } of wanted) tell(at, id, changes);
      return;
    }
    let all: readonly (KeptValues | undefined)[];
    try {
      all = await this.store.read(view, wanted.map(({ id }) => id));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      for (const { at, id } of wanted) {
        this.listener.read(view.name, "failed");
        tell(at, id, "the feature store cannot be read now");
      }
      return;
    }
    wanted.forEach(({ at, id }, place) => {
      const kept = all[place];
      const result = this.#judge(view, kept);
      if (kept === undefined) {
        if (!view.optional) tell(at, id, `nothing is stored in the view "${view.name}"`);
      } else if (result === "expired") {
        const { ttlSeconds } = view;
        const since = new Date(kept.time).toISOString();
        tell(at, id, `what is stored is of ${since}, older than its ${ttlSeconds} seconds to live`);
      } else {
        for (const name of names) {
          const reason = changes.get(name);
          if (reason !== undefined) {
            done[at].warnings.push(warningOf(name, "", `${reason}: taken as missing`));
          } else if (records[at]![name] === undefined) {
            const value = kept.values[name];
            done[at].stored[name] = typeof value === "boolean" ? String(value) : value;
          }
        }
      }
    });
  }

  #judge(view: FeatureView, kept: KeptValues | undefined): ReadResult {
    if (kept === undefined) {
      this.listener.read(view.name, "missing");
      return "missing";
    }
    const age = (this.now() - kept.time) / 1000;
    const result = age > (view.ttlSeconds ?? Infinity) ? "expired" : "fresh";
    this.listener.read(view.name, result, age);
    return result;
  }

  /** What changed in a view since the model was trained on it; a text if it is not there at all. */
  #changesOf(view: FeatureView): ReadonlyMap<string, string> | string {
    if (!this.#known) return new Map();
    const stored = this.#views.find(({ name }) => name === view.name);
    if (stored === undefined) {
      const reason = `the feature store knows no view "${view.name}"`;
      if (!view.optional) {
        this.#changed.set(view.name, `${reason}: run the pipeline that materialises it`);
      }
      return reason;
    }
    const known = this.#changes.get(view);
    const found = known?.stored === stored ? known.found : changesOf(view, stored);
    if (known?.stored !== stored) this.#changes.set(view, { stored, found });
    for (const [name, reason] of found) {
      this.#changed.set(
        `${view.name}:${name}`,
        `The view "${view.name}" changed since a model was trained on it: "${name}": ${reason}; ` +
          "train the model again, or put the declaration back",
      );
    }
    return found;
  }
}
