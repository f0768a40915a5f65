/** Features in Redis, in Feast's format; views and positions in hashes of our own beside them. */

import type { Buffer } from "node:buffer";
import { ServiceError } from "../base/mod.ts";
import type { Redis, RedisLink } from "../redis/mod.ts";
import {
  decodeTime,
  decodeValue,
  encodeTime,
  encodeValue,
  entityKey,
  featureField,
  keyHead,
  timeField,
} from "./feast_format.ts";
import {
  type EntityId,
  type EntityValues,
  type FeatureView,
  featureView,
  type KeptValues,
  type OnlineStore,
  storedValueOf,
} from "../feature_store/mod.ts";

/**
 * Sets fields of a hash unless those there are of a later moment, in one step whoever else writes.
 * ARGV: the field of the moment, seconds, nanoseconds, the moment's bytes, then fields and values.
 */
const setUnlessNewer = `
local before = redis.call("HGET", KEYS[1], ARGV[1])
if before then
  local at, seconds, nanos = 1, 0, 0
  while at <= #before do
    local tag = before:byte(at)
    local value, scale = 0, 1
    repeat
      at = at + 1
      local byte = before:byte(at)
      value = value + (byte % 128) * scale
      scale = scale * 128
    until byte < 128
    at = at + 1
    if tag == 8 then seconds = value else nanos = value end
  end
  local given, rest = tonumber(ARGV[2]), tonumber(ARGV[3])
  if seconds > given or seconds == given and nanos > rest then return 0 end
end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[4], unpack(ARGV, 5))
return 1`;

/** Entities that one round trip writes. */
const PAGE = 500;

/** Where the features of a view stand in an entity's hash, made once for each view. */
interface Layout {
  readonly names: readonly string[];
  /** The moment's field first, then those of the features. */
  readonly fields: Buffer[];
  /** What the keys of its entities begin with. */
  readonly head: Buffer;
}

/** Features in Redis. */
export class RedisStore implements OnlineStore {
  readonly place = "Redis";
  readonly #layouts = new WeakMap<FeatureView, Layout>();

  /** Takes the link, and the name of Feast's project, which ends each entity's key. */
  constructor(private readonly link: RedisLink, private readonly project: string) {}

  get trouble(): string | undefined {
    return this.link.trouble;
  }

  async views(): Promise<readonly FeatureView[]> {
    const all = await this.#ask((redis) => redis("HVALS", this.#own("views")));
    return (all as readonly Buffer[]).map((bytes) => {
      const text = String(bytes);
      try {
        return featureView(JSON.parse(text) as FeatureView);
      } catch (cause) {
        throw new ServiceError(
          `Redis holds no feature view but ${JSON.stringify(text.slice(0, 60))} in ${
            this.#own("views")
          }`,
          { cause, next: "remove it, and run the pipeline that materialises the view" },
        );
      }
    });
  }

  async declare(view: FeatureView): Promise<void> {
    await this.#ask((redis) => redis("HSET", this.#own("views"), view.name, JSON.stringify(view)));
  }

  async write(view: FeatureView, rows: readonly EntityValues[]): Promise<number> {
    const { names, fields, head } = this.#layout(view);
    let changed = 0;
    for (let from = 0; from < rows.length; from += PAGE) {
      const page = rows.slice(from, from + PAGE).map(({ id, time, values }) => {
        const seconds = Math.floor(time / 1000);
        const nanos = Math.round((time - seconds * 1000) * 1e6);
        return [
          ...["EVAL", setUnlessNewer, "1", entityKey(view, id, this.project, head)],
          ...[fields[0], String(seconds), String(nanos), encodeTime(time)],
          ...names.flatMap((name, at) => [
            fields[at + 1],
            encodeValue(view.features[name], values[name] ?? null),
          ]),
        ];
      });
      const answers = await this.#ask((redis) =>
        Promise.all(page.map((command) => redis(...command)))
      );
      for (const answer of answers) changed += Number(answer);
    }
    return changed;
  }

  async read(
    view: FeatureView,
    ids: readonly EntityId[],
  ): Promise<(KeptValues | undefined)[]> {
    const { names, fields, head } = this.#layout(view);
    const one = (redis: Redis, id: EntityId) =>
      redis("HMGET", entityKey(view, id, this.project, head), ...fields);
    // Most requests ask for one: commands of requests in the same turn share a packet anyway.
    const all = ids.length === 1
      ? [await this.#ask((redis) => one(redis, ids[0]))]
      : await this.#ask((redis) => Promise.all(ids.map((id) => one(redis, id))));
    return all.map((answer) => {
      const [moment, ...found] = answer as readonly (Buffer | null)[];
      const time = moment === null ? undefined : decodeTime(moment);
      if (time === undefined) return undefined;
      const values: Record<string, KeptValues["values"][string]> = {};
      for (let at = 0; at < names.length; at++) {
        const bytes = found[at];
        const value = bytes === null ? null : decodeValue(bytes);
        // Of another kind it is no value of this feature.
        values[names[at]] = storedValueOf(view.features[names[at]], value) ?? null;
      }
      return { time, values };
    });
  }

  async position(view: string): Promise<number | undefined> {
    const text = await this.#ask((redis) => redis("HGET", this.#own("positions"), view));
    return text === null ? undefined : Number(text);
  }

  async setPosition(view: string, until: number): Promise<void> {
    await this.#ask((redis) => redis("HSET", this.#own("positions"), view, String(until)));
  }

  /** Ends nothing: the link is its owner's. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #ask<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await this.link.ask(command);
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError(`Redis refused features: ${(error as Error).message}`, {
        cause: error,
        next: "look at its memory, and at who else uses these keys",
      });
    }
  }

  #own(what: string): string {
    return `dinoflow:features:${this.project}:${what}`;
  }

  #layout(view: FeatureView): Layout {
    let layout = this.#layouts.get(view);
    if (layout === undefined) {
      const names = Object.keys(view.features);
      const fields = [timeField(view.name), ...names.map((name) => featureField(view.name, name))];
      this.#layouts.set(view, layout = { names, fields, head: keyHead(view) });
    }
    return layout;
  }
}
