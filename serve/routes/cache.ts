/** `POST /cache/clear`: what is kept in memory to save work is made again. */

import { z } from "@hono/zod-openapi";
import type { Cache } from "../http/cache.ts";
import type { Extension } from "../http/extension.ts";
import { answers } from "../openapi/declare.ts";

/** An answer of `POST /cache/clear`. */
export const cacheAnswer = z.object({
  cleared: z.record(z.string(), z.int().min(0)).openapi({
    description: "How much each cache kept; models that answer are none",
  }),
}).openapi("CacheCleared");

/** The route. */
export function cacheRoutes(caches: readonly Cache[]): Extension {
  return {
    paths: [{
      method: "post",
      path: "/cache/clear",
      summary: "Forget what is kept in memory to save work",
      tags: ["server"],
      responses: answers(cacheAnswer, [400, 401, 403, 429]),
    }],
    add(app, gate) {
      app.post(
        "/cache/clear",
        gate.ask("admin", async (c) => {
          const cleared: Record<string, number> = {};
          for (const cache of caches) {
            cleared[cache.name] = (cleared[cache.name] ?? 0) + await cache.clear();
          }
          return c.json({ cleared } satisfies z.output<typeof cacheAnswer>);
        }),
      );
    },
  };
}
