/** Runs suites: ours and theirs in turn, each measurement in a process of its own. */

import { UserError } from "../src/base/mod.ts";
import { runScript, type ScriptHost } from "./process.ts";
import { type Measurement, parseMeasurement } from "./protocol.ts";
import type { PythonPeers } from "./python_peers.ts";
import type { BenchRow } from "./results.ts";
import { meanOrNull, median, medianOrNull } from "./statistics.ts";
import type { BenchCase, Command, SideArguments, Suite } from "./suite.ts";

/** Threads that each side may use. */
const THREADS = 2;
const DEFAULT_SIZES = [10_000, 100_000];
const DEFAULT_ROUNDS = 5;

/** How suites are run. */
export interface RunOptions {
  /** Folder with `bench/`. */
  readonly root: string;
  /** Empty folder for the data; whoever made it removes it. */
  readonly folder: string;
  /** Sizes instead of the suite's own. */
  readonly sizes?: readonly number[];
  /** Rounds instead of the case's own. */
  readonly rounds?: number;
  /** Day that is written beside the results. */
  readonly date: string;
  /** Cores of the machine. */
  readonly cores: number;
  /** Environments of peers that have their own, by its requirements; without it they are left out. */
  readonly ownPeers?: ReadonlyMap<string, PythonPeers>;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears how far it is. */
  say(text: string): void;
  /** Hears what could not be measured; the rest goes on. */
  fail(error: UserError): void;
}

/** The name of our side among those of a case. */
const OURS = "";

/** Measures all cases of `suite` and gives their rows. */
export async function runSuite(
  suite: Suite,
  peers: PythonPeers,
  options: RunOptions,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const sizes = options.sizes ?? suite.sizes ?? DEFAULT_SIZES;
  const bySize = Map.groupBy(
    suite.cases.flatMap((one) => {
      if (one.size !== undefined) return [{ one, size: one.size }];
      const { maxRows = Infinity } = one;
      return sizes.filter((size) => size <= maxRows).map((size) => ({ one, size }));
    }),
    ({ size }) => size,
  );
  for (const [size, cases] of bySize) {
    const host = { ...options, python: peers.python };
    const folder = `${options.folder}/${size}`;
    await Deno.mkdir(folder, { recursive: true });
    for (const command of suite.prepare) {
      await prepareOnce(command, { folder, rows: size, threads: THREADS, seed: 0 }, host);
    }
    for (const { one } of cases) {
      const measured = await measure(suite, one, { folder, rows: size }, host);
      rows.push(...tableRows(suite, one, size, measured, peers, options));
    }
  }
  return rows;
}

/** Runs a command that prepares data, unless it has for this folder already. */
async function prepareOnce(
  command: Command,
  args: SideArguments,
  host: ScriptHost & RunOptions,
): Promise<void> {
  const key = `${command.script} ${JSON.stringify(command.options ?? {})}`;
  const done = `${args.folder}/prepared-${encodeURIComponent(key)}`;
  try {
    await Deno.stat(done);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    host.say(`Preparing ${args.rows.toLocaleString("en")} rows (${command.script})`);
    await runScript(command, args, host);
    await Deno.writeTextFile(done, "");
  }
}

/** Where the packages of a peer are; undefined if they could not be installed. */
function environment<Common>(
  requirements: string | undefined,
  common: Common,
  { ownPeers }: RunOptions,
): Common | PythonPeers | undefined {
  return requirements === undefined ? common : ownPeers?.get(requirements);
}

/** What each side of a case measured, a measurement for each round, by the side's name. */
async function measure(
  suite: Suite,
  one: BenchCase,
  data: Pick<SideArguments, "folder" | "rows">,
  host: ScriptHost & RunOptions,
): Promise<Map<string, Measurement[]>> {
  const sides = new Map([[OURS, { command: one.ours, python: host.python }]]);
  for (const [name, { command, requirements }] of Object.entries(one.peers)) {
    const peers = environment(requirements, host, host);
    if (peers !== undefined) sides.set(name, { command, python: peers.python });
  }
  const measured = new Map([...sides.keys()].map((name) => [name, [] as Measurement[]]));
  const rounds = host.rounds ?? one.rounds ?? DEFAULT_ROUNDS;
  for (let round = 1; round <= rounds; round++) {
    // The order swaps, so that a machine that grows warm or busy favours neither.
    const order = round % 2 === 1 ? [...sides] : [...sides].reverse();
    for (const [name, { command, python }] of order) {
      const side = name === OURS ? "ours" : name;
      host.say(
        `${suite.name}: ${one.name}, ${data.rows.toLocaleString("en")} rows, ` +
          `round ${round} of ${rounds}, ${side}`,
      );
      try {
        const args = { ...data, threads: THREADS, seed: round };
        const printed = await runScript(command, args, { ...host, python });
        measured.get(name)!.push(parseMeasurement(printed));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        host.fail(
          new UserError(`${one.name} has no result of ${side}: ${error.message}`, {
            next: error.next,
            cause: error,
          }),
        );
        sides.delete(name);
        measured.delete(name);
        // Nothing to compare the others with.
        if (name === OURS) return measured;
      }
    }
  }
  return measured;
}

function tableRows(
  suite: Suite,
  one: BenchCase,
  size: number,
  measured: ReadonlyMap<string, readonly Measurement[]>,
  common: PythonPeers,
  options: RunOptions,
): BenchRow[] {
  const ours = measured.get(OURS);
  if (ours === undefined) return [];
  const mine = summary(ours);
  const { date, cores } = options;
  return Object.entries(one.peers).flatMap(([peer, { packages, requirements }]) => {
    const rounds = measured.get(peer);
    if (rounds === undefined) return [];
    const { versions } = environment(requirements, common, options)!;
    const theirs = summary(rounds);
    return [{
      ...{ suite: suite.name, name: one.name, rows: size, peer },
      ours_s: short(mine.seconds),
      peer_s: short(theirs.seconds),
      time_ratio: short(theirs.seconds / mine.seconds),
      ours_mb: mine.megabytes === null ? null : short(mine.megabytes),
      peer_mb: theirs.megabytes === null ? null : short(theirs.megabytes),
      quality_name: one.quality ?? null,
      ours_quality: mine.quality,
      peer_quality: theirs.quality,
      rounds: rounds.length,
      ...{ date, cores },
      peer_version: packages.map((name) => `${name} ${versions[name]}`).join(", "),
    }];
  });
}

/** Medians of time and memory, the mean of the quality: each round has its own seed. */
function summary(rounds: readonly Measurement[]) {
  return {
    seconds: median(rounds.map(({ seconds }) => seconds)),
    megabytes: medianOrNull(rounds.map(({ megabytes }) => megabytes)),
    quality: meanOrNull(rounds.map(({ quality }) => quality)),
  };
}

/** Six digits: more would only tell of noise. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
