/** `kill -9` at random moments: nothing that finished is done again, nothing torn is read. */

import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import type { RunEvent } from "../../src/pipeline/mod.ts";
import { Project } from "./project.ts";

const KILLS = 50;

/** Projects that are killed beside each other, to use both cores. */
const PROJECTS = 2;

/** 8 steps and 12 items that take a few milliseconds each and have something to write. */
const source = `
import { pipeline } from "@pipeline";
import { z } from "zod";
const work = async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 8));
  return Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i * n));
};
export default pipeline("long", {
  description: "takes a while",
  params: z.object({ round: z.number().default(0) }),
}, ({ step, each, params }) => {
  const numbers = Array.from({ length: 12 }, (_, i) => i);
  const first = step("first", () => work(params.round));
  const many = each("many", numbers, { first }, (n, { first }) => work(n + first[1]));
  let last = step("chain0", { many }, ({ many }) => work(many[11][5]));
  const chain1 = step("chain1", { last }, ({ last }) => work(last[1]));
  const chain2 = step("chain2", { chain1 }, ({ chain1 }) => work(chain1[1]));
  step("result", { chain2, many }, ({ chain2, many }, { log }) =>
    log(String(chain2[7] + many.reduce((sum, values) => sum + values[9], 0))));
});
`;

function events(text: string): RunEvent[] {
  return text.split("\n").filter((line) => line.endsWith("}")).map((line) => JSON.parse(line));
}

const unit = ({ step, item }: { step: string; item?: string }) => JSON.stringify([step, item]);

/** Runs, kills and runs again; a run that completes is followed by one with new work. */
async function killOften(kills: number, random: Random): Promise<number> {
  await using project = await Project.create({ "pipelines/long.ts": source });
  const finished = new Set<string>();
  let round = 0;
  let result: string | undefined;
  let killed = 0;
  for (let kill = 0; kill < kills; kill++) {
    const args = ["long", "--json", "--jobs", "2", "--param", `round=${round}`];
    const child = project.command(...args).spawn();
    const timer = setTimeout(() => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It was done before.
      }
    }, 90 + random.int(260));
    const { stdout, code, signal } = await child.output();
    clearTimeout(timer);
    assert(signal === "SIGKILL" || code === 0, `ended with ${code}`);
    for (const event of events(new TextDecoder().decode(stdout))) {
      if (event.type === "step_started" && (event.item !== undefined || event.step !== "many")) {
        assert(!finished.has(unit(event)), `${unit(event)} was done twice`);
      } else if (event.type === "step_finished" && event.artifact) finished.add(unit(event));
      else if (event.type === "log") assertEquals(event.text, result ??= event.text);
    }
    if (code !== 0) killed++;
    else {
      round++;
      finished.clear();
      result = undefined;
    }
  }
  const { code } = await project.run("long", "--quiet", "--param", `round=${round}`);
  assertEquals(code, 0);
  const gc = await project.run("gc", "--keep", "1");
  assertEquals(gc.code, 0, gc.stderr);
  const plan = await project.plan("long", "--param", `round=${round}`);
  assertEquals(new Set(Object.values(plan)), new Set(["CACHED"]));
  return killed;
}

Deno.test("kill: finished work is not done again, the run completes, the result is right", async () => {
  const killed = await Promise.all(
    Array.from({ length: PROJECTS }, (_, i) => killOften(KILLS / PROJECTS, new Random(i))),
  );
  assert(killed.every((count) => count > 0), `only ${killed.join(" and ")} runs were killed`);
});
