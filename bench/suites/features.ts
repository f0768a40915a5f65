/**
 * Stored features of one entity, read from a Redis on the same cores, 32 reads under way at a time,
 * by who serves and over HTTP:
 *
 * - ours in a process: the store as a thread of the server has it
 * - Feast in a process: `get_online_features`, of the one thread or 32 that read more
 * - ours over HTTP: `GET /features/{view}/{id}` of `deno task serve` with one worker or two,
 *   whichever reads more, with metrics and a line of the log for each request
 * - Feast over HTTP: `feast serve`, with one worker or two, from the same client
 * - both with 20,000 reads due in a second, whose latency counts from when they were due
 * - the same with 32 entities in a request, as who scores many at once asks
 *
 * Both read the same bytes: what ours wrote in Feast's format. Seconds are those per read, all
 * reads together.
 */

import type { BenchCase, Command, Suite } from "../suite.ts";

const python = (reader: string, entities = 1, rate?: number): Command => ({
  script: "python/features.py",
  options: { reader, entities, rate },
});

const packages = ["feast", "redis"];

const least = {
  wanted: "below 2 ms",
  holds: (ours: number) => ours < 2,
};

const reads = (name: string, ours: Command, peer: string, theirs: Command): BenchCase => ({
  ...{ name, ours, quality: "p99 in ms", rounds: 3 },
  peers: { [peer]: { command: theirs, packages } },
  target: { timeRatio: 5, quality: least },
});

/** Reads over HTTP of so many entities in a request, as many as are answered or so many a second. */
const overHttp = (name: string, entities: number, rate?: number): BenchCase =>
  reads(name, python("ours", entities, rate), "feast serve", python("feast serve", entities, rate));

const suite: Suite = {
  name: "features",
  description: "Seconds per read of an entity's five features from Redis; rows are the entities.",
  requirements: "requirements-features.txt",
  sizes: [10_000],
  prepare: [{ script: "sides/served_features.ts" }],
  cases: [
    reads(
      "online reads, 32 at a time",
      { script: "sides/feature_reads.ts" },
      "Feast",
      python("feast"),
    ),
    reads(
      "20,000 online reads a second, 32 at a time",
      { script: "sides/feature_reads.ts", options: { rate: 20_000 } },
      "Feast",
      python("feast"),
    ),
    overHttp("online reads over HTTP, 32 connections", 1),
    overHttp("20,000 online reads a second over HTTP, 32 connections", 1, 20_000),
    overHttp("online reads over HTTP, 32 connections, 32 entities a request", 32),
  ],
};

export default suite;
