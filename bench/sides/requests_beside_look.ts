/**
 * Requests to the server whose prediction log holds so many lines, while a look at all of them runs
 * beside it and while none does: a look is stopped and goes on by turns, so that both are asked at
 * the same time of a machine that is not always as fast. Who is asked first measures both and leaves
 * what the other answers. Seconds are the 99th percentile of the requests' latency in a window, the
 * median of all windows; the quality is the median latency in ms, taken likewise.
 */

import { ifPresent, quantileSorted } from "../../src/base/mod.ts";
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

/** What was measured while a look ran, or while it was stopped. */
interface Measured {
  readonly p99Ms: number;
  readonly medianMs: number;
}

const WARM_UP_SECONDS = 2;
/** Long enough for some turns of a look, which takes two or three a second. */
const WINDOW_SECONDS = 6;
/** Pairs of windows; which of the two comes first changes from pair to pair. */
const PAIRS = 20;
const LEAST_PAIRS = 5;
/** Processor time that a look has to take while it is watched: of one that waits nobody feels anything. */
const LEAST_LOOK_SECONDS = 1;
const START_MS = 60_000;
const RECORDS = 256;

const { folder, connections, rate, look } = sideArguments<Options>();
const log = `${folder}/log`;
const prepared = "predictions_20261102T000000_1_0.jsonl";
const left = `${folder}/beside_look_${connections}_${rate ?? "all"}.json`;
const port = freePort();

let both = await leftByOther();
if (both === undefined) await Deno.writeTextFile(left, JSON.stringify(both = await measure()));
else await Deno.remove(left);
const { p99Ms, medianMs } = both[look ? "running" : "stopped"];
answer({ seconds: p99Ms / 1000, megabytes: null, quality: medianMs });

async function leftByOther(): Promise<Record<"running" | "stopped", Measured> | undefined> {
  const text = await ifPresent(Deno.readTextFile(left));
  return text === undefined ? undefined : JSON.parse(text);
}

async function measure(): Promise<Record<"running" | "stopped", Measured>> {
  const records = await firstInputs(`${log}/${prepared}`);
  const requests = records.map((record) => postRequest(port, "/predict", record));
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
  await answers(requests);
  await load({ port, connections, seconds: WARM_UP_SECONDS, requests, rate });
  // Begun with the load: beside nobody it would be over before.
  const asked = startLook();
  const windows: Record<"running" | "stopped", Float64Array[]> = { running: [], stopped: [] };
  let lookSeconds = 0;
  try {
    for (let pair = 0; pair < PAIRS && !await lookEnded(); pair++) {
      const order = ["running", "stopped"] as const;
      for (const state of pair % 2 === 0 ? order : order.toReversed()) {
        await signalLook(server.pid, state === "running" ? "SIGCONT" : "SIGSTOP");
        const seconds = WINDOW_SECONDS;
        windows[state].push((await load({ port, connections, seconds, requests, rate })).latencies);
      }
    }
    for (const { seconds } of await childrenOf(server.pid)) lookSeconds += seconds;
    await asked;
  } finally {
    await signalLook(server.pid, "SIGKILL");
    server.kill("SIGTERM");
  }
  const pairs = windows.running.length;
  const worked = lookSeconds >= LEAST_LOOK_SECONDS || await lookEnded();
  if (pairs < LEAST_PAIRS || !worked) {
    throw new Error(`a look of ${lookSeconds} processor seconds was felt in ${pairs} windows only`);
  }
  const typical = (of: Float64Array[], q: number) =>
    quantileSorted(of.map((latencies) => quantileSorted(latencies, q)).sort((a, b) => a - b), 0.5);
  const measured = (of: Float64Array[]) => ({
    p99Ms: typical(of, 0.99),
    medianMs: typical(of, 0.5),
  });
  return { running: measured(windows.running), stopped: measured(windows.stopped) };
}

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
async function answers(requests: readonly Uint8Array[]): Promise<void> {
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

/** Has the server take a look, in a process of its own. */
async function startLook(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/monitoring/drift/check-all`, {
    method: "POST",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`a look was asked for: ${response.status} ${text}`);
}

/** Whether the look has said what it found. */
async function lookEnded(): Promise<boolean> {
  return await ifPresent(Deno.stat(`${log}/monitoring/status.json`)) !== undefined;
}

/** A process that another one started, itself or by others. */
interface Child {
  readonly pid: number;
  /** Processor time so far, in whole seconds. */
  readonly seconds: number;
}

async function childrenOf(pid: number): Promise<Child[]> {
  const args = ["-e", "-o", "pid=,ppid=,cputimes="];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  const all = new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const [pid, parent, seconds] = line.trim().split(/ +/).map(Number);
    return { pid, parent, seconds };
  });
  const below = (pid: number): Child[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** Signals the processes of the look. */
async function signalLook(server: number, signal: Deno.Signal): Promise<void> {
  for (const { pid } of await childrenOf(server)) {
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
