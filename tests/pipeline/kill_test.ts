/**
 * `kill -9` at random moments, with two runs at once all the time: nothing that finished is done
 * again, nothing torn or wrong is read. `--full` for all the kills.
 */

import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import type { RunEvent } from "../../src/pipeline/mod.ts";
import { Project } from "./project.ts";

const KILLS = Deno.args.includes("--full") ? 50 : 12;
const ITEMS = 20;

/** A run that is not killed within this time hangs. */
const PATIENCE = 120_000;

/** Items that take a few milliseconds each and have something to write. */
const source = `
import { pipeline } from "@pipeline";
import { z } from "zod";
const work = async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 15));
  return Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i * n));
};
export default pipeline("long", {
  description: "takes a while",
  params: z.object({ round: z.number().default(0) }),
}, ({ step, each, params }) => {
  const numbers = Array.from({ length: ${ITEMS} }, (_, i) => i);
  const first = step("first", () => work(params.round + 1));
  const many = each("many", numbers, { first }, (n, { first }) => work(n + first[1]));
  const file = step("file", { many }, async ({ many }) => {
    const text = String(many.reduce((sum, values) => sum + values[9], 0));
    await Deno.writeTextFile("sum.txt", text);
    await new Promise((resolve) => setTimeout(resolve, 15));
    return { text, file: savedFile("sum.txt") };
  });
  step("result", { file }, async ({ file }, { log }) =>
    log(file.text + " " + await Deno.readTextFile(file.file.path)));
});
`.replace("import { pipeline }", "import { pipeline, savedFile }");

/** What a round comes to, worked out beside the runner. */
function expected(round: number): string {
  let sum = 0;
  for (let n = 0; n < ITEMS; n++) sum += Math.sin(9 * (n + Math.sin(round + 1)));
  return `${sum} ${sum}`;
}

const unit = ({ step, item }: { step: string; item?: string }) => JSON.stringify([step, item]);

/** All that the runs of a round have told. */
class Round {
  /** When each unit was first kept. */
  readonly finished = new Map<string, string>();
  readonly #started: { name: string; at: string }[] = [];

  constructor(readonly number: number) {}

  take(event: RunEvent): void {
    if (event.type === "step_started" && (event.item !== undefined || event.step !== "many")) {
      this.#started.push({ name: unit(event), at: event.at });
    } else if (event.type === "step_finished" && event.artifact) {
      const before = this.finished.get(unit(event));
      if (before === undefined || event.at < before) this.finished.set(unit(event), event.at);
    } else if (event.type === "log") assertEquals(event.text, expected(this.number));
  }

  check(): void {
    for (const { name, at } of this.#started) {
      const kept = this.finished.get(name);
      assert(
        kept === undefined || at <= kept,
        `${name} was kept at ${kept} and done again at ${at}`,
      );
    }
  }
}

/** Runs, and kills when so many lines are told; whether it came to its end before. */
async function runAndKill(project: Project, round: Round, lines: number, random: Random) {
  const args = ["long", "--json", "--jobs", "2", "--param", `round=${round.number}`];
  await using child = project.command(...args).spawn();
  const errors = new Response(child.stderr).text();
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const parts = child.stdout.pipeThrough(new TextDecoderStream());
  let text = "";
  let told = 0;
  for await (const part of parts) {
    const whole = (text + part).split("\n");
    text = whole.pop()!;
    for (const line of whole) {
      round.take(JSON.parse(line));
      if (++told !== lines) continue;
      await new Promise((resolve) => setTimeout(resolve, random.int(12)));
      try {
        child.kill("SIGKILL");
      } catch {
        // It was done before.
      }
    }
  }
  clearTimeout(timer);
  const { code, signal } = await child.status;
  assert(signal === "SIGKILL" || code === 0, `ended with ${code}: ${await errors}`);
  assert(told >= lines || code === 0, "a run hung");
  return code === 0;
}

Deno.test("kill: finished work is not done again, the run completes, the result is right", async () => {
  await using project = await Project.create({ "pipelines/long.ts": source });
  const rounds = [new Round(0)];
  let kills = 0;
  let keptBefore = 0;
  const lane = async (random: Random) => {
    while (kills < KILLS) {
      const round = rounds.at(-1)!;
      const ended = await runAndKill(project, round, 1 + random.int(60), random);
      if (!ended) {
        kills++;
        if (round.finished.size > 0) keptBefore++;
      } else if (round === rounds.at(-1)) rounds.push(new Round(round.number + 1));
    }
  };
  await Promise.all([lane(new Random(1)), lane(new Random(2))]);
  for (const round of rounds) round.check();
  assert(
    keptBefore > KILLS / 3,
    `only ${keptBefore} of ${kills} kills came when something was kept`,
  );
  const last = rounds.at(-1)!.number;
  const { code, stdout } = await project.run("long", "--quiet", "--param", `round=${last}`);
  assertEquals([code, stdout], [0, `${expected(last)}\n`]);
  const gc = await project.run("gc", "--keep", "1");
  assertEquals(gc.code, 0, gc.stderr);
  const plan = await project.plan("long", "--param", `round=${last}`);
  assertEquals(new Set(Object.values(plan)), new Set(["CACHED"]));
});
