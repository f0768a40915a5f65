/** `GET /monitoring`: a live page for people, which needs nothing from elsewhere. */

import { z } from "@hono/zod-openapi";
import { readAlerts, readHistory, readStatus } from "../../src/monitor_files/mod.ts";
import type { Extension } from "../http/extension.ts";
import { addOwnPage } from "../http/own_page.ts";
import { Problem } from "../http/problem.ts";

import { answers } from "../openapi/declare.ts";

/** What the page needs. */
export interface PageOptions {
  /** Folder of the prediction log; empty if there is none. */
  readonly log: string;
  readonly life: { readonly draining: boolean };
}

/** Milliseconds between two looks whether there is something new. */
const PAUSE_MS = 1000;
/** Pauses after which a line is sent though nothing is new, for proxies that end what is silent. */
const SILENT_PAUSES = 15;
/** Pages that are open at once. */
const MOST_PAGES = 32;
const [MOST_ALERTS, MOST_DECISIONS] = [50, 20];

/** The routes. */
export function monitoringPage({ log, life }: PageOptions): Extension {
  let open = 0;
  const content = async (admin: boolean) =>
    JSON.stringify({
      status: await readStatus(log) ?? null,
      alerts: (await readAlerts(log)).slice(-MOST_ALERTS).toReversed(),
      history: (await readHistory(log)).slice(-MOST_DECISIONS).toReversed(),
      may: { admin },
    });
  const events = (admin: boolean) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const encoder = new TextEncoder();
    let gone = false;
    writer.closed.catch(() => gone = true);
    const send = async () => {
      open++;
      let [sent, silent] = ["", 0];
      try {
        while (!life.draining && !gone) {
          const now = await content(admin);
          if (now !== sent) await writer.write(encoder.encode(`data: ${now}\n\n`));
          else if (++silent % SILENT_PAUSES === 0) await writer.write(encoder.encode(": \n\n"));
          sent = now;
          await new Promise((done) => setTimeout(done, PAUSE_MS));
        }
      } finally {
        open--;
        await writer.close();
      }
    };
    send().catch(() => {}); // the page was closed
    return readable;
  };
  return {
    paths: [{
      method: "get",
      path: "/monitoring/events",
      summary: "What the page at /monitoring draws, as server-sent events that do not end",
      tags: ["monitoring"],
      responses: {
        ...answers(z.object({}), [400, 401, 409, 503]),
        200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
      },
    }],
    add(app, gate) {
      addOwnPage(app, gate, "/monitoring", new URL("page/", import.meta.url));
      app.get(
        "/monitoring/events",
        gate.ask("predict", (c) => {
          if (log === "") throw new Problem(409, "Nothing is watched: there is no prediction log");
          if (open >= MOST_PAGES) throw new Problem(503, "Too many pages are open");
          return new Response(events(gate.may(c, "admin")), {
            headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
          });
        }),
      );
    },
  };
}
