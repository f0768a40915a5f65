/** Tries mutants against one test file, in processes that are started anew if one hangs. */

import { join } from "@std/path";
import type { Mutant } from "./instrument.ts";

/** A test of a file, as it went without a mutant. */
export interface NotedTest {
  readonly place: number;
  readonly name: string;
  readonly failure?: string;
  readonly milliseconds: number;
  readonly reached: readonly number[];
}

/** What one test file reaches. */
export interface Noted {
  /** Mutants that are reached when the file is loaded: they are tried in a process each. */
  readonly load: ReadonlySet<number>;
  readonly tests: readonly NotedTest[];
}

/** How a mutant ended: the test that noticed it, or that none came to an end in time. */
export interface Noticed {
  readonly by: string;
  readonly inTime: boolean;
}

type Line =
  & Partial<NotedTest>
  & { id?: number; begun?: true; killed?: string; survived?: true; unclear?: string }
  & { load?: number[]; begins?: number; end?: true };

/** How often the results of a process are looked at, in milliseconds. */
const LOOK = 50;

/** Starts the harness and hears its lines; ends it if `tooLate` says so after a line. */
async function run(
  tree: string,
  args: string[],
  env: Record<string, string>,
  results: string,
  tooLate: (last: Line | undefined, milliseconds: number) => boolean,
): Promise<{ lines: Line[]; late: boolean; said: string }> {
  await Deno.writeTextFile(results, "");
  const harness = join(tree, "tests", "mutation", "harness.ts");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--unstable-net", harness, ...args],
    cwd: tree,
    env: { NO_COLOR: "1", ...env },
    ...{ stdin: "null", stdout: "null", stderr: "piped", detached: true },
  }).spawn();
  const said = new Response(child.stderr).text();
  let ended = false;
  const status = child.status.then(() => ended = true);
  let lines: Line[] = [];
  let since = performance.now();
  let late = false;
  while (!ended) {
    await Promise.race([status, new Promise((resolve) => setTimeout(resolve, LOOK))]);
    const now = (await Deno.readTextFile(results)).split("\n").slice(0, -1);
    if (now.length > lines.length) since = performance.now();
    lines = now.map((line) => JSON.parse(line));
    if (!ended && tooLate(lines.at(-1), performance.now() - since)) {
      late = true;
      break;
    }
  }
  try {
    Deno.kill(-child.pid, "SIGKILL"); // with all that it has started
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
  await status;
  return { lines, late, said: (await said).slice(-2000) };
}

/**
 * Runs a test file without mutants, and notes which each test reaches.
 *
 * @param limit Seconds that one test may take; slower ones are left out and told.
 * @returns why nothing is noted, if its process ends early.
 */
export async function note(
  tree: string,
  file: string,
  limit: number,
  slow: (name: string) => void,
): Promise<Noted | string> {
  const notes = await Deno.makeTempFile();
  const results = await Deno.makeTempFile();
  const leftOut: number[] = [];
  try {
    while (true) {
      await Deno.writeTextFile(notes, "");
      const { lines, late, said } = await run(
        tree,
        ["note", join(tree, file), results, ...leftOut.map(String)],
        { DENO_MUTANT: "-1", DENO_MUTANT_NOTES: notes },
        results,
        (last, milliseconds) => milliseconds > (last === undefined ? 60 : limit) * 1000,
      );
      const last = lines.at(-1);
      if (late && last?.begins !== undefined) {
        leftOut.push(last.begins);
        slow(last.name!);
        continue;
      }
      if (last?.end !== true) return `it ended early: ${said}`;
      const tests = lines.filter(({ place }) => place !== undefined) as NotedTest[];
      return { load: new Set(lines[0].load), tests };
    }
  } finally {
    await Deno.remove(notes);
    await Deno.remove(results);
  }
}

/**
 * Tries mutants against a test file.
 *
 * @param told Called for each mutant that a test notices.
 */
export async function tryMutants(
  tree: string,
  file: string,
  noted: Noted,
  mutants: readonly Mutant[],
  told: (mutant: Mutant, noticed: Noticed) => void,
): Promise<void> {
  const sound = noted.tests.filter(({ failure }) => failure === undefined)
    .sort((one, other) => one.milliseconds - other.milliseconds);
  const testsOf = ({ id }: Mutant) =>
    sound.filter(({ reached }) => noted.load.has(id) || reached.includes(id));
  const tried = mutants.filter((mutant) => testsOf(mutant).length > 0);
  // A mutant of what is computed when the file is loaded has to be there before.
  const alone = tried.filter(({ id }) => noted.load.has(id)).map((mutant) => [mutant]);
  let together = tried.filter(({ id }) => !noted.load.has(id));
  const results = await Deno.makeTempFile();
  const jobs = await Deno.makeTempFile();
  const tryOnce = async (some: readonly Mutant[], fresh: boolean) => {
    const byId = new Map(some.map((mutant) => [mutant.id, mutant]));
    await Deno.writeTextFile(
      jobs,
      JSON.stringify(
        some.map((mutant) => ({ id: mutant.id, tests: testsOf(mutant).map(({ place }) => place) })),
      ),
    );
    await Deno.writeTextFile(
      join(tree, "tests/mutation/switch_value.ts"),
      `export const value = ${fresh ? some[0].id : 0};\n`,
    );
    const usual = (id: number) =>
      testsOf(byId.get(id)!).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const { lines, late } = await run(
      tree,
      ["try", join(tree, file), results, jobs],
      fresh ? { DENO_MUTANT: String(some[0].id) } : {},
      results,
      (last, milliseconds) =>
        milliseconds >
          (last?.id === undefined ? 60_000 : 10_000 + 5 * usual(last.id) * (fresh ? 2 : 1)),
    );
    const done = new Set<number>();
    for (const { id, killed, survived } of lines) {
      if (id === undefined) continue;
      if (killed !== undefined) told(byId.get(id)!, { by: killed, inTime: true });
      if (killed !== undefined || survived) done.add(id);
    }
    const last = lines.findLast(({ id }) => id !== undefined);
    return { done, last, late, ended: lines.at(-1)?.end === true };
  };
  try {
    while (together.length > 0) {
      const { done, last, late } = await tryOnce(together, false);
      const open = together.filter(({ id }) => !done.has(id));
      // The one that hung, ended the process or left something behind is tried again by itself.
      const [first] = open;
      if (first !== undefined && (late || last?.id === first.id || done.size === 0)) {
        alone.push([first]);
        together = open.slice(1);
      } else together = open;
    }
    for (const [mutant] of alone) {
      const { done, last, late } = await tryOnce([mutant], true);
      if (done.has(mutant.id)) continue;
      // What breaks the loading of the file, or its process, is noticed as well.
      told(mutant, {
        by: last?.unclear ?? (late ? "the time limit" : "the file cannot be loaded"),
        inTime: !late,
      });
    }
  } finally {
    await Deno.remove(results);
    await Deno.remove(jobs);
  }
}
