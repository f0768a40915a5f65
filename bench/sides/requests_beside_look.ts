/**
 * Requests to the server whose prediction log holds so many lines, while a look at all of them runs
 * beside it, from its start to its end, or while none does. Seconds are the 99th percentile of the requests', the quality their
 * median in ms.
 */

import { quantileSorted } from "../../src/base/mod.ts";
import { load, postRequest } from "./http_load.ts";
import { serverCommand } from "./server_commands.ts";
import { answer, sideArguments } from "./side.ts";

/** How it is asked. */
interface Options {
  readonly connections: number;
  /** Requests a second; without it as many as are answered. */
  readonly rate?: number;
  /** Whether a look runs beside it. */
  readonly look: boolean;
}

const WARM_UP_SECONDS = 2;
/** Without a look. */
const LOAD_SECONDS = 10;
const START_MS = 60_000;
const LOOK_MS = 600_000;
const RECORDS = 256;

const { folder, connections, rate, look } = sideArguments<Options>();
const log = `${folder}/log`;
const prepared = "predictions_20261102T000000_1_0.jsonl";
const records = await firstInputs(`${log}/${prepared}`);
const port = freePort();
const { root, command: [program, ...args] } = serverCommand(folder, [
  ...["--port", `${port}`, "--workers", "1", "--prediction-log-total-megabytes", "1000000"],
  ...["--prediction-log-days", "3650"],
]);
// What other rounds left: their requests and their look.
for await (const { name } of Deno.readDir(log)) {
  if (name !== prepared) await Deno.remove(`${log}/${name}`, { recursive: true });
}
await using server = new Deno.Command(program, {
  ...{ args, cwd: root, stdin: "null", stdout: "null", stderr: "inherit" },
}).spawn();
const requests = records.map((record) => postRequest(port, "/predict", record));
await answers();
await load({ port, connections, seconds: WARM_UP_SECONDS, requests, rate });
const lookEnded = new AbortController();
const [{ latencies }] = await Promise.all([
  load({ port, connections, seconds: look ? lookEnded.signal : LOAD_SECONDS, requests, rate }),
  look ? check().finally(() => lookEnded.abort()) : undefined,
]);
answer({
  seconds: quantileSorted(latencies, 0.99) / 1000,
  megabytes: null,
  quality: quantileSorted(latencies, 0.5),
});
server.kill("SIGTERM");

/** Inputs of the first lines of a log. */
async function firstInputs(path: string): Promise<unknown[]> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(1 << 18);
  const length = await file.read(bytes) ?? 0;
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n");
  return lines.slice(0, RECORDS).map((line) => JSON.parse(line).inputs);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until the server predicts. */
async function answers(): Promise<void> {
  for (const until = Date.now() + START_MS;;) {
    try {
      await load({ port, connections: 1, seconds: 0.1, requests });
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Takes a look, and waits until it has said what it found. */
async function check(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/monitoring/drift/check-all`, {
    method: "POST",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`a look was asked for: ${response.status} ${text}`);
  for (const until = Date.now() + LOOK_MS; !await isTold();) {
    if (Date.now() > until) throw new Error("the look does not end");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isTold(): Promise<boolean> {
  try {
    await Deno.stat(`${log}/monitoring/status.json`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
