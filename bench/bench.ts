/** From a request to the reports, free of process state so that tests can call it. */

import { UsageError, UserError, writeFileAtomic } from "../src/base/mod.ts";
import type { BenchRequest } from "./command_line.ts";
import { betterOf, fallsOf, fallText } from "./falls.ts";
import { benchMarkdown, intoPage } from "./markdown.ts";
import { benchPage } from "./page.ts";
import { type PythonPeers, pythonPeers } from "./python_peers.ts";
import { type BenchRow, mergeRows, readRows } from "./results.ts";
import { runSuite } from "./run.ts";
import type { Suite } from "./suite.ts";

/** What a run needs of the process around it. */
export interface BenchOptions {
  /** Folder with `bench/`, if the peers are set up. */
  readonly root: string;
  /** Folder with `reports/` and `docs/benchmarks.md`; its `.dinoflow/` holds the data meanwhile. */
  readonly out: string;
  /** All suites. */
  readonly suites: readonly Suite[];
  /** Day that is written beside the results, as `2026-11-21`. */
  readonly date: string;
  /** Cores of the machine. */
  readonly cores: number;
  /** Stops the run. */
  readonly signal?: AbortSignal;
  /** Hears how far it is. */
  say(text: string): void;
  /** Hears what could not be measured; the rest goes on. */
  fail(error: UserError): void;
}

/**
 * Runs the suites that are asked for, merges their rows into
 * `reports/bench.json` after each, and writes page and table of all rows. A suite in which a ratio
 * fell behind earlier results is run once more, and the better one counts.
 *
 * @returns The table in Markdown.
 * @throws {UserError} if the old results or the page cannot be used.
 */
export async function bench(request: BenchRequest, options: BenchOptions): Promise<string> {
  const { out, suites } = options;
  const results = `${out}/reports/bench.json`;
  let rows = await readRows(results);
  const earlier = request.against === undefined ? [] : await earlierRows(request.against);
  const folder = `${out}/.dinoflow/bench/${crypto.randomUUID().slice(0, 8)}`;
  let failed = false;
  const fail = (error: UserError) => {
    failed = true;
    options.fail(error);
  };
  try {
    for (const name of request.suites) {
      const whole = suites.find((suite) => suite.name === name)!;
      try {
        const suite = { ...whole, cases: casesOf(whole, request.only) };
        const peers = await pythonPeers(suite.requirements ?? "requirements.txt", options);
        const ownPeers = await peersOfTheirOwn(suite, { ...options, fail });
        const run = () =>
          runSuite(suite, peers, { ...request, ...options, ...{ folder, ownPeers, fail } });
        let measured = await run();
        if (fallsOf(measured, earlier).length > 0) measured = betterOf(measured, await run());
        const falls = fallsOf(measured, earlier);
        if (falls.length > 0) {
          fail(
            new UserError(
              ["Ratios fell by more than 15 %:", ...falls.map(fallText)].join("\n  "),
              { next: "look on a machine that is quiet, then for what made it slower" },
            ),
          );
        }
        rows = mergeRows(rows, measured, request.only);
        await writeFileAtomic(results, `${JSON.stringify(rows, null, 2)}\n`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const message = `Suite ${name} has no results: ${error.message}`;
        fail(new UserError(message, { next: error.next, cause: error }));
      }
    }
  } finally {
    // After a failure the data stay, to try the failing script on.
    if (!failed) await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
  const table = benchMarkdown(rows, suites);
  await writeFileAtomic(`${out}/reports/bench.md`, table);
  await writeFileAtomic(`${out}/reports/bench.html`, await benchPage(rows, suites));
  if (request.docs) {
    const page = `${out}/docs/benchmarks.md`;
    // In place: a file beside it would need the right to write the whole folder.
    await Deno.writeTextFile(page, intoPage(await Deno.readTextFile(page), table));
    await Deno.writeTextFile(`${out}/docs/benchmarks.json`, `${JSON.stringify(rows, null, 2)}\n`);
  }
  return table;
}

function casesOf({ cases }: Suite, only = ""): Suite["cases"] {
  const found = cases.filter(({ name }) => name.includes(only));
  if (found.length > 0) return found;
  throw new UsageError(`no case has "${only}" in its name`, {
    next: `its cases are ${cases.map(({ name }) => `"${name}"`).join(", ")}`,
  });
}

/** Results that are there to be compared with. */
async function earlierRows(path: string): Promise<BenchRow[]> {
  const rows = await readRows(path);
  if (rows.length > 0) return rows;
  throw new UsageError(`Cannot compare with ${path}: it has no results`, {
    next: "give docs/benchmarks.json, or measure and write it by --docs",
  });
}

/** The environments of peers that do not get along with the others, by their requirements. */
async function peersOfTheirOwn(
  { name, cases }: Suite,
  options: Pick<BenchOptions, "root" | "signal" | "say" | "fail">,
): Promise<Map<string, PythonPeers>> {
  const files = cases.flatMap((one) => Object.values(one.peers).map((peer) => peer.requirements));
  const found = new Map<string, PythonPeers>();
  for (const file of new Set(files.filter((file) => file !== undefined))) {
    try {
      found.set(file, await pythonPeers(file, options));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = `Suite ${name} goes on without the peers of ${file}: ${error.message}`;
      options.fail(new UserError(message, { next: error.next, cause: error }));
    }
  }
  return found;
}

/** The suites of `bench/suites/`, by name: a new file is a new suite. */
export async function allSuites(): Promise<Suite[]> {
  const folder = new URL("./suites/", import.meta.url);
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return await Promise.all(
    files.filter((name) => name.endsWith(".ts")).sort().map(async (name) => {
      const suite: { default: Suite } = await import(new URL(name, folder).href);
      return suite.default;
    }),
  );
}
