/** The client of all servers, in a process of its own; prints what it measured as JSON. */

import { quantileSorted } from "../../src/base/mod.ts";
import { getRequest, load, postRequest } from "./http_load.ts";

/** What is asked of it. */
interface ClientOptions {
  readonly port: number;
  /** Where bodies are sent; without it they are the paths to get. */
  readonly path?: string;
  /** File with a list of JSON bodies, sent in turn. */
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; without it as many as are answered. */
  readonly rate?: number;
}

const { port, path, bodies, ...options }: ClientOptions = JSON.parse(Deno.args[0]);
const sent: unknown[] = JSON.parse(await Deno.readTextFile(bodies));
const requests = sent.map((body) =>
  path === undefined ? getRequest(port, String(body)) : postRequest(port, path, body)
);
const { answered, seconds, latencies } = await load({ port, requests, ...options });
const line = JSON.stringify({
  rate: answered / seconds,
  p50_ms: quantileSorted(latencies, 0.5),
  p99_ms: quantileSorted(latencies, 0.99),
});
Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
