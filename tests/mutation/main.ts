/**
 * Changes the sources one thing at a time and tells which changes no test notices.
 *
 *     deno task mutate [ROOM…] [--sample N] [--seed S] [--file PART] [--tests PART] [--jobs N]
 *                      [--slowest SECONDS] [--seconds SECONDS] [--report] [--floors]
 *
 * `--report` writes `docs/mutation.md`; `--floors` fails if a room's share of noticed mutants is
 * below its floor, as the nightly form asks.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { lineOf, type Outcome, page, shareOf } from "./report.ts";
import { rooms } from "./rooms.ts";
import { runRoom } from "./run_room.ts";
import { printed, root } from "../tree_copy.ts";

const told = new TextEncoder();
function log(line: string): void {
  Deno.stdout.writeSync(told.encode(line + "\n"));
}

const given = parseArgs(Deno.args, {
  string: ["sample", "seed", "file", "tests", "jobs", "slowest", "seconds"],
  boolean: ["report", "floors"],
  unknown: (name: string, key?: string) => {
    if (key === undefined) return true;
    throw new Error(
      `Unknown option ${name}: --sample, --seed, --file, --tests, --jobs, --slowest, --seconds, --report and --floors are known`,
    );
  },
});
const names: string[] = given._.length > 0 ? given._.map(String) : Object.keys(rooms);
const strange = names.find((name) => !Object.hasOwn(rooms, name));
if (strange !== undefined) {
  log(`There is no room ${strange}: ${Object.keys(rooms).join(", ")} are known`);
  Deno.exit(2);
}
const outcomes: Outcome[] = [];
for (const name of names) {
  const outcome = await runRoom(name, rooms[name], {
    sample: given.sample === undefined ? undefined : Number(given.sample),
    seed: Number(given.seed ?? 1),
    file: given.file,
    tests: given.tests,
    jobs: Number(given.jobs ?? navigator.hardwareConcurrency),
    slowest: Number(given.slowest ?? 20),
    seconds: Number(given.seconds ?? Infinity),
    log,
  });
  outcomes.push(outcome);
  for (const one of outcome.survivors) {
    log(`survived: ${lineOf(one, outcome.unreached.has(one.id))}`);
  }
  const { failed, hung, tried, seconds } = outcome;
  log(
    `${name}: ${failed + hung} of ${tried} noticed (${(shareOf(outcome) * 100).toFixed(1)} %), ` +
      `${hung} of them by the time limit, in ${Math.round(seconds)} s` +
      (outcome.unfinished ? ", unfinished" : ""),
  );
}
if (given.report) {
  const path = join(root, "docs", "mutation.md");
  await Deno.mkdir(join(root, "docs"), { recursive: true });
  const before = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  await Deno.writeTextFile(path, page(before, outcomes));
  await printed(root, Deno.execPath(), "fmt", path);
}
const low = outcomes.filter((one) => shareOf(one) < one.room.floor);
for (const { name, room } of low) log(`${name} is below its floor of ${room.floor * 100} %`);
Deno.exit(given.floors && low.length > 0 ? 1 : 0);
