/** Mutation testing of one room. */

import { join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import { plain, readEquivalent } from "./equivalent.ts";
import { instrument, type Mutant, mutantsOf } from "./instrument.ts";
import type { Outcome } from "./report.ts";
import type { Room } from "./rooms.ts";
import { copyTree, filesIn, reachedBy, root } from "../tree_copy.ts";
import { note, type Noted, type Noticed, tryMutants } from "./try_mutants.ts";

/** What is tried. */
export interface Choice {
  /** How many mutants of the room are drawn; all if it is left out. */
  readonly sample?: number;
  readonly seed: number;
  /** Only files whose path holds this. */
  readonly file?: string;
  /** Only test files whose path holds this. */
  readonly tests?: string;
  /** Processes side by side. */
  readonly jobs: number;
  /** Seconds that a test may take to be used. */
  readonly slowest: number;
  /** Seconds after which no further test file is begun. */
  readonly seconds: number;
  readonly log: (line: string) => void;
}

/** Milliseconds from which and up to which tests are run together. */
const tiers = [[0, 300], [300, 3000], [3000, Infinity]] as const;

function draw(mutants: readonly Mutant[], { sample, seed }: Choice): Mutant[] {
  if (sample === undefined || sample >= mutants.length) return [...mutants];
  const random = new Random(seed);
  const left = [...mutants];
  const drawn: Mutant[] = [];
  for (let round = 0; round < sample; round++) {
    drawn.push(...left.splice(random.int(left.length), 1));
  }
  return drawn;
}

/** Tries the mutants of a room in copies of the project, which are removed afterwards. */
export async function runRoom(name: string, room: Room, choice: Choice): Promise<Outcome> {
  const begin = performance.now();
  const { log } = choice;
  const files = (await filesIn(room.files, ".ts")).filter((file) =>
    file.includes(choice.file ?? "")
  );
  const sources = new Map<string, string>();
  const all: Mutant[] = [];
  for (const file of files) {
    const source = await Deno.readTextFile(join(root, file));
    sources.set(file, source);
    all.push(...mutantsOf(file, source, all.length + 1));
  }
  const equivalent = await readEquivalent();
  const isEquivalent = ({ file, before, text }: Mutant) =>
    equivalent.some((one) =>
      one.file === file && one.before === plain(before) && one.after === plain(text)
    );
  const drawn = draw(all, choice);
  const tried = drawn.filter((mutant) => !isEquivalent(mutant));
  log(`${name}: ${all.length} mutants in ${files.length} files, ${tried.length} to try`);

  const trees: string[] = [];
  const leftOut: string[] = [];
  let unfinished = false;
  const noticed = new Map<Mutant, Noticed>();
  const reached = new Set<number>();
  try {
    for (let job = 0; job < choice.jobs; job++) {
      const tree = await Deno.realPath(await Deno.makeTempDir());
      trees.push(tree);
      await copyTree(tree);
      for (const [file, source] of sources) {
        const own = tried.filter((mutant) => mutant.file === file);
        const up = "../".repeat(file.split("/").length - 1);
        const text = instrument(source, own, `${up}tests/mutation/switch.ts`);
        await Deno.writeTextFile(join(tree, file), text);
      }
    }
    const noted: { file: string; noted: Noted }[] = [];
    const tests = (await filesIn(room.tests, "_test.ts")).filter((file) =>
      file.includes(choice.tests ?? "")
    );
    await sideBySide(trees, tests, async (tree, file) => {
      const imports = await reachedBy(join(root, file));
      if (!files.some((one) => imports.has(one)) && !imports.has("src/pipeline/mod.ts")) return;
      const found = await note(tree, file, choice.slowest, (name) => {
        leftOut.push(`${file}, "${name}": it takes longer than ${choice.slowest} s`);
      });
      if (typeof found === "string") return void leftOut.push(`${file}: ${found}`);
      for (const { name, failure } of found.tests) {
        if (failure !== undefined) leftOut.push(`${file}, "${name}": fails by itself: ${failure}`);
      }
      for (const one of [found.load, ...found.tests.map((test) => test.reached)]) {
        for (const id of one) reached.add(id);
      }
      const milliseconds = found.tests.reduce((sum, test) => sum + test.milliseconds, 0);
      log(`  ${file}: ${found.tests.length} tests in ${Math.round(milliseconds)} ms`);
      noted.push({ file, noted: found });
    });
    for (const line of leftOut) log(`  left out: ${line}`);
    // Quick tests of all files first: few mutants are left for the slow ones.
    for (const [least, most] of tiers) {
      const some = noted.map(({ file, noted: { load, tests } }) => {
        const own = tests.filter(({ milliseconds }) =>
          milliseconds >= least && milliseconds < most
        );
        return { file, noted: { load, tests: own } };
      }).filter(({ noted }) => noted.tests.length > 0)
        .sort((one, other) => timeOf(one.noted) - timeOf(other.noted));
      for (const { file, noted: one } of some) {
        const open = tried.filter((mutant) => !noticed.has(mutant));
        if (open.length === 0) continue;
        if (performance.now() - begin > choice.seconds * 1000) {
          leftOut.push(`${file}, tests of ${least} ms and more: ${choice.seconds} s are over`);
          unfinished = true;
          continue;
        }
        const pieces = trees.map((_, job) =>
          open.filter((_, place) => place % trees.length === job)
        );
        await Promise.all(
          trees.map((tree, job) =>
            tryMutants(tree, file, one, pieces[job], (mutant, by) => void noticed.set(mutant, by))
          ),
        );
        log(`  ${file}, tests of ${least} ms and more: ${noticed.size} of ${tried.length} noticed`);
      }
    }
  } finally {
    for (const tree of trees) await Deno.remove(tree, { recursive: true });
  }
  const hung = [...noticed.values()].filter(({ inTime }) => !inTime).length;
  return {
    ...{
      unfinished,
      name,
      room,
      all: all.length,
      tried: tried.length,
      leftOut,
      seed: choice.seed,
      hung,
    },
    equivalent: drawn.length - tried.length,
    failed: noticed.size - hung,
    survivors: tried.filter((mutant) => !noticed.has(mutant))
      .sort((one, other) => one.id - other.id),
    unreached: new Set(all.filter(({ id }) => !reached.has(id)).map(({ id }) => id)),
    seconds: (performance.now() - begin) / 1000,
  };
}

/** Milliseconds that all tests take. */
function timeOf({ tests }: Noted): number {
  return tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}

/** Handles each of a list, as many at once as there are trees, and each in a tree of its own. */
async function sideBySide<T>(
  trees: readonly string[],
  list: readonly T[],
  handle: (tree: string, one: T) => Promise<void>,
): Promise<void> {
  const left = [...list];
  await Promise.all(trees.map(async (tree) => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await handle(tree, one);
  }));
}
