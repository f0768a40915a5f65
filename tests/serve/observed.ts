/** The application with everything that observes it, in a folder of its own. */

import { join } from "@std/path";
import { createApp } from "../../serve/app.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import { Deadlines } from "../../serve/http/deadlines.ts";
import type { Extension } from "../../serve/http/extension.ts";
import { Explainers } from "../../serve/model/explainers.ts";
import { openSlots } from "../../serve/model/open_slots.ts";
import { openObserver } from "../../serve/observe/open_observer.ts";
import { hashRouter } from "../../serve/rollout/router.ts";
import { explainRoute } from "../../serve/routes/explain.ts";
import { insightRoutes } from "../../serve/routes/insight.ts";
import { save } from "./fixture.ts";

/** A running application without a socket. */
export interface Observed {
  /** The models folder; below it `log` is the prediction log. */
  readonly folder: string;
  /** Lines of the server's log. */
  readonly lines: string[];
  /** Writes out what waits for the prediction log. */
  flush(): Promise<void>;
  /** Sends JSON, or asks with GET if there is no body. */
  call(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends anything. */
  send(path: string, request: RequestInit): Promise<Response>;
}

/** Serves `Model0`, with `Model1` beside it for a challenger; `predictionLog: false` logs nothing. */
export async function withObserved(
  test: (observed: Observed) => Promise<void>,
  { flags = [], predictionLog = true, more = [], models = (folder) => saveBoth(folder) }: {
    flags?: readonly string[];
    predictionLog?: boolean;
    more?: readonly Extension[];
    /** Writes the models instead of those. */
    models?: (folder: string) => Promise<unknown>;
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const args = [
    ...["--models-folder", folder, "--model", "Model0"],
    `--prediction-log=${predictionLog ? join(folder, "log") : "off"}`,
    ...flags,
  ];
  const config = readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;
  const lines: string[] = [];
  const observation = openObserver(config, { write: (line) => lines.push(line) });
  const { observer } = observation;
  const slots = openSlots(config, observer);
  using deadlines = new Deadlines(config.concurrency, config.timeoutMs);
  using explainers = new Explainers();
  const app = createApp({
    ...{ config, slots, observer, deadlines },
    router: hashRouter({ mode: config.challengerMode, share: config.challengerShare }),
    life: { startedAt: new Date(), draining: false, stopping: false },
    extensions: [
      explainRoute(explainers, config.batchLimit),
      insightRoutes({
        ...{ config, observation, others: [] },
        process: () => ({ startedAt: new Date(), inFlight: deadlines.open }),
      }),
      ...more,
    ],
  });
  const send = async (path: string, request: RequestInit) => {
    const response = await app.request(path, request);
    observer.settle();
    return response;
  };
  const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(
      path,
      body === undefined ? { headers } : {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      },
    );
  try {
    await models(folder);
    await slots.follow();
    await test({ folder, lines, call, send, flush: () => observer.close() });
  } finally {
    await slots.close();
    await observer.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function saveBoth(folder: string): Promise<void> {
  await save(folder, 0);
  await save(folder, 1);
}
