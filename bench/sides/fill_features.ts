/** Fills a Redis at a port with so many entities: `fill_features.ts PORT ENTITIES`. */

import { RedisStore } from "../../src/online_stores/mod.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { entities, project, spending } from "./entities.ts";

/** Fills it. */
export async function fillFeatures(link: RedisLink, count: number): Promise<RedisStore> {
  await link.tried;
  const store = new RedisStore(link, project);
  await store.declare(spending);
  const written = await store.write(spending, entities(count, 1));
  if (written !== count) throw new Error(`${written} of ${count} entities were written`);
  return store;
}

if (import.meta.main) {
  const [port, count] = Deno.args.map(Number);
  await using link = new RedisLink(`redis://127.0.0.1:${port}/0`, { limitMs: 10_000 });
  await fillFeatures(link, count);
}
