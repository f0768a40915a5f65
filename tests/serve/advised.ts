/** An application with an advisor, for tests. */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ServedAdvisor } from "../../serve/advice/open_advice.ts";
import { advicePage } from "../../serve/advice/page.ts";
import { adviceRoutes } from "../../serve/advice/routes.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { corpusRetriever } from "../advisor/passages.ts";
import { Remembering, type Served, withApp } from "./fixture.ts";

/** A question that the passages answer. */
export const question = "How many months of expenses belong in an emergency fund?";
/** Two callers: their names with their keys. */
export const [alice, bob] = ["alice=a-key-of-alice-0123", "bob=a-key-of-bob-012345"];
/** The headers of a caller. */
export const as = (named: string, more = {}) => ({ "X-Api-Key": named.split("=")[1], ...more });

/** An application that is asked for advice. */
export interface Asked extends Served {
  readonly metrics: Metrics;
  readonly advice: ServedAdvisor;
  /** Stages of answers, as traces tell them. */
  readonly told: readonly string[];
  remove(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** Opens an application with an advisor for a test. */
export async function withAdvice(
  flags: readonly string[],
  test: (served: Asked) => Promise<void>,
  { openKnowledge = () => Promise.resolve(corpusRetriever()) }: {
    openKnowledge?: () => Promise<ReturnType<typeof corpusRetriever>>;
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const all = ["--advice-conversations", join(folder, "conversations.sqlite"), ...flags];
    const config = readServerConfig({
      args: all,
      env: () => undefined,
      readFile: () => "",
    }) as Config;
    const metrics = new Metrics();
    const observer = new Remembering();
    using advice = new ServedAdvisor(config, { observer, openKnowledge });
    const extensions = [
      adviceRoutes({ advice, config, metrics: metrics.advice, observer }),
      advicePage(),
    ];
    await withApp(async (served) => {
      const remove = (path: string, headers = {}) =>
        Promise.resolve(served.app.request(path, { method: "DELETE", headers }));
      await test({ ...served, metrics, advice, remove, told: observer.stagesEnded });
    }, { flags: all, extensions });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is counted, as Prometheus reads it. */
export const scraped = (metrics: Metrics) =>
  Metrics.text([metrics.counts()], { startedAt: new Date(), inFlight: 0, models: [], quality: [] });

/** The events of a stream: their names and data. */
// deno-lint-ignore no-explicit-any -- each event has its own data
export async function eventsOf(response: Response): Promise<(readonly [string, any])[]> {
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  return (await response.text()).split("\n\n").filter((text) => text !== "").map((text) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(text)!;
    return [name, JSON.parse(data)] as const;
  });
}
