/** The command line over a project that is edited between runs. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Project } from "./project.ts";

const files = {
  "pipelines/demo.ts": `
import { pipeline, savedFile } from "@pipeline";
import { z } from "zod";
import { double } from "../lib/double.ts";

export default pipeline("demo", {
  description: "shows what is kept",
  params: z.object({
    add: z.number().default(1),
    powers: z.array(z.number()).default([1, 2]),
    fail: z.boolean().default(false),
  }),
}, ({ step, each, file, params }) => {
  const source = file("source", "numbers.txt");
  const numbers = step("load", { source }, async ({ source }, { log }) => {
    log("loading");
    return (await Deno.readTextFile(source)).split(" ").map(Number);
  });
  const powers = each("power", params.powers, { numbers }, (p, { numbers }, { metric }) => {
    const value = numbers.reduce((sum, n) => sum + n ** p, 0);
    metric("value", value);
    return value;
  });
  const parity = step("parity", { numbers }, ({ numbers }) => numbers.length % 2);
  const total = step("total", { powers, parity }, ({ powers }, { log }) => {
    if (params.fail) throw new Error("total is broken");
    const total = double(powers.reduce((a, b) => a + b)) + params.add;
    log("total " + total);
    return total;
  });
  step("write", { total }, async ({ total }) => {
    await Deno.mkdir("out", { recursive: true });
    await Deno.writeTextFile("out/total.txt", String(total));
    return savedFile("out/total.txt");
  });
});
`,
  "lib/double.ts": "export const double = (x: number) => 2 * x;\n",
  "numbers.txt": "1 2 3",
};

const allCached = {
  load: "CACHED",
  "power[1]": "CACHED",
  "power[2]": "CACHED",
  parity: "CACHED",
  total: "CACHED",
  write: "CACHED",
};

async function fresh(): Promise<Project> {
  const project = await Project.create(files);
  const { code, stderr } = await project.run("demo", "--quiet");
  assertEquals([code, stderr], [0, ""]);
  return project;
}

Deno.test("incremental: a second run takes all from the cache and tells the same results", async () => {
  await using project = await fresh();
  assertEquals(await project.plan("demo"), allCached);
  const { code, stdout, stderr } = await project.run("demo");
  assertEquals([code, stdout], [0, "loading\ntotal 41\n"]);
  assertEquals(stderr.match(/: CACHED$/gm)?.length, 7); // six and the fan-out as a whole
  assert(!/: (started|done)/.test(stderr), stderr);
});

Deno.test("incremental: a plan names code, parameters, inputs; what follows may still be cached", async () => {
  await using project = await fresh();
  await project.edit("lib/double.ts", "2 * x", "3 * x");
  assertEquals(await project.plan("demo"), {
    ...allCached,
    total: "RUN CODE lib/double.ts changed",
    write: "MAYBE INPUT total runs first: cached if it comes out the same",
  });
  await project.edit("lib/double.ts", "3 * x", "2 * x");
  assertEquals((await project.plan("demo", "--param", "add=5")).total, "RUN PARAMS add 1 → 5");
  await project.write("numbers.txt", "1 2 4");
  const plan = await project.plan("demo");
  assertEquals(plan.load, "RUN INPUT source changed");
  assertEquals(plan.parity, "MAYBE INPUT numbers runs first: cached if it comes out the same");
});

Deno.test("incremental: an output that comes out the same stops the run there", async () => {
  await using project = await fresh();
  await project.write("numbers.txt", "3 2 1"); // other numbers in another order, equal sums
  const { stdout, stderr } = await project.run("demo");
  assertEquals(stdout, "loading\ntotal 41\n");
  assertMatch(stderr, /^load: done/m);
  assertMatch(stderr, /^power\[2\]: done/m);
  assertMatch(stderr, /^total: CACHED\nwrite: CACHED/m);
});

Deno.test("incremental: a new item of a fan-out runs alone", async () => {
  await using project = await fresh();
  const plan = await project.plan("demo", "--param", "powers=1,2,3");
  assertEquals(plan["power[3]"], "RUN NEW");
  assertEquals([plan["power[1]"], plan["power[2]"]], ["CACHED", "CACHED"]);
});

Deno.test("incremental: going back to earlier code or parameters finds the earlier outputs", async () => {
  await using project = await fresh();
  await project.run("demo", "--param", "add=2");
  assertEquals(await project.plan("demo"), allCached);
  await project.edit("lib/double.ts", "2 * x", "4 * x");
  await project.run("demo");
  await project.edit("lib/double.ts", "4 * x", "2 * x");
  assertEquals(await project.plan("demo"), allCached);
});

Deno.test("incremental: a damaged or deleted artifact is made again, never read", async () => {
  await using project = await fresh();
  const { stdout } = await project.run("show", "--json");
  const { units } = JSON.parse(stdout);
  for (const [step, damage] of [["load", "cut"], ["parity", "gone"]]) {
    const { digest } = units.find((unit: { step: string }) => unit.step === step).artifact;
    const path = project.path(".dinoflow/objects", digest.slice(0, 2), digest.slice(2));
    if (damage === "gone") await Deno.remove(path);
    else await Deno.truncate(path, 3);
  }
  const plan = await project.plan("demo");
  assertEquals([plan.load, plan.parity], [
    "RUN OUTPUT MISSING",
    "RUN OUTPUT MISSING, INPUT numbers runs first",
  ]);
  const again = await project.run("demo");
  assertEquals(again.stdout, "loading\ntotal 41\n");
  assertMatch(again.stderr, /^total: CACHED/m);
  assertEquals(await project.plan("demo"), allCached);
});

Deno.test("incremental: of an item that is different the part is told", async () => {
  await using project = await Project.create({
    "pipelines/items.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
const params = z.object({ trees: z.int().default(10), seeds: z.array(z.int()).default([1]) });
export default pipeline("items", { description: "fans out", params }, ({ each, params }) => {
  const forest = { name: "forest", fit: { trees: params.trees, depth: 3 }, seeds: params.seeds };
  each("train", [forest, { name: "line" }], (item) => item.name);
});
`,
  });
  await project.run("items", "--quiet");
  const plan = await project.plan("items", "--param", "trees=11", "--param", "seeds=1,2");
  assertEquals(plan, {
    "train[forest]": "RUN ITEM fit.trees 10 → 11, seeds [1] → [1,2]",
    "train[line]": "CACHED",
  });
});

Deno.test("incremental: a saved file that is gone or changed is put back", async () => {
  await using project = await fresh();
  await project.write("out/total.txt", "edited by hand");
  await project.run("demo", "--quiet");
  assertEquals(await Deno.readTextFile(project.path("out/total.txt")), "41");
  await Deno.remove(project.path("out"), { recursive: true });
  await project.run("demo", "--quiet");
  assertEquals(await Deno.readTextFile(project.path("out/total.txt")), "41");
});

Deno.test("incremental: after a failure the finished steps stay, and the way on is told", async () => {
  await using project = await fresh();
  const failed = await project.run("demo", "--param", "fail=true");
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "error: total is broken");
  assertMatch(
    failed.stderr,
    /^inputs of total:\n {2}powers {2}(?:.*\n)+ {2}parity {2}\.dinoflow\/objects\/\w\w\/\w+$/m,
  );
  assertStringIncludes(failed.stderr, "go on with: deno task pipeline demo --param 'fail=true'");
  assertMatch(failed.stderr, /^load: CACHED/m);
});

Deno.test("incremental: --force, --from and --only pick what runs", async () => {
  await using project = await fresh();
  const ran = async (...args: string[]) => {
    const { code, stderr } = await project.run("demo", ...args);
    assertEquals(code, 0, stderr);
    return [...stderr.matchAll(/^(\S+): done/gm)].map((match) => match[1]);
  };
  assertEquals(await ran("--force", "parity"), ["parity"]);
  assertEquals((await ran("--force")).length, 7);
  assertEquals(await ran("--force", "power[2]"), ["power[2]", "power"]);
  assertEquals(await ran("--from", "total"), ["total", "write"]);
  assertEquals(await ran("--only", "power[1]", "--force"), ["power[1]", "power"]);
  assertEquals(await ran("--only", "parity"), []);
  const alone = await project.run("demo", "--only", "write", "--param", "add=9");
  assertEquals(alone.code, 1);
  assertStringIncludes(alone.stderr, "total, which it needs, is not up to date (PARAMS add 1 → 9)");
  assertStringIncludes(alone.stderr, "next: run it first: --only total");
  const wrong = await project.run("demo", "--only", "totl");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'did you mean "total"?');
  const item = await project.run("demo", "--only", "power[7]");
  assertEquals(item.code, 2);
});

Deno.test("incremental: a value that cannot be kept is named with its step and place", async () => {
  await using project = await Project.create({
    "pipelines/odd.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("odd", { description: "", params: z.object({}) }, ({ step }) => {
  step("make", () => ({ model: { predict: () => 1 } }));
});`,
  });
  const { code, stderr } = await project.run("odd");
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    "Cannot keep the output of step make: its value at .model.predict is a function",
  );
});

Deno.test("history: runs, show and diff tell what happened and what changed", async () => {
  await using project = await fresh();
  await project.write("numbers.txt", "1 2 5");
  await project.edit("lib/double.ts", "2 * x", "3 * x");
  await project.run("demo", "--param", "add=10");
  const { stdout: runs } = await project.run("runs");
  assertEquals(runs.trimEnd().split("\n").length, 3);
  // Of the parameters only what is not the default; the last step's metrics are none, so the items'.
  assertMatch(runs, /^demo_\w+ .*succeeded .* - {2,}add=10 {2}value\[1\]=8 value\[2\]=30$/m);
  assertMatch(runs, /^demo_\w+ .*succeeded .* - {2,}- {2,}value/m);
  const { stdout: shown } = await project.run("show", "latest");
  assertMatch(
    shown,
    /^total +ran .*CODE lib\/double\.ts changed; PARAMS add 1 → 10$/m,
  );
  assertMatch(shown, /^power\[2\] +value +30$/m);
  const { stdout: diff } = await project.run("diff", "latest~1", "latest");
  assertMatch(diff, /^params\n +add +1 → 10$/m);
  assertMatch(diff, /^code\n +lib\/double\.ts +kept → changed$/m);
  assertMatch(diff, /^inputs\n +source +\w+ → \w+$/m);
  assertMatch(diff, /power\[1\] value +6 → 8$/m);
  assertEquals((await project.run("show", "demo")).code, 2); // two runs begin so
  // A run of one item reaches less code than a whole run: that is no change of it.
  await project.run("demo", "--param", "add=10", "--only", "power[1]");
  const { stdout: part } = await project.run("diff", "latest~1", "latest");
  assert(!/^code$|^inputs$/m.test(part), part);
});

Deno.test("history: clean-up frees what only old runs used and keeps the newest", async () => {
  await using project = await fresh();
  await project.run("demo", "--quiet", "--param", "add=2");
  await project.run("demo", "--quiet", "--param", "add=3");
  const { stdout } = await project.run("gc", "--keep", "1");
  // Of the two older runs: total, which is the same bytes as its file, and write.
  assertMatch(stdout, /^removed 4 objects, \d+ B freed, \d+ kept\n$/);
  assertEquals(await project.plan("demo", "--param", "add=3"), allCached);
  assertMatch((await project.plan("demo")).total, /^RUN/);
  assertMatch((await project.run("gc", "--keep", "1")).stdout, /^removed 0 objects/);
});

Deno.test("graph: Mermaid text and a page of its own", async () => {
  await using project = await fresh();
  const { stdout } = await project.run("demo", "--graph");
  assert(stdout.startsWith("flowchart LR\n"));
  for (const line of ["source --> load", 'power[["power × 2"]]', "total --> write"]) {
    assertStringIncludes(stdout, line);
  }
  const { stdout: path } = await project.run("demo", "--graph", "html");
  const page = await Deno.readTextFile(project.path(path.trim()));
  assert(!/(src|href)="https?:|@import/.test(page), "the page loads something");
  const links = [...page.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);
  assertEquals(links.length, 6);
  for (const link of links) await Deno.stat(project.path("reports", link));
});

Deno.test("incremental: two runs at once both finish and leave a whole store", async () => {
  await using project = await Project.create(files);
  const ended = await Promise.all(
    [1, 2, 3].map((n) => project.run("demo", "--quiet", "--param", `add=${n}`)),
  );
  assertEquals(ended.map(({ code }) => code), [0, 0, 0]);
  for (const n of [1, 2, 3]) {
    assertEquals(await project.plan("demo", "--param", `add=${n}`), allCached);
  }
});

Deno.test("timeout: a step that never yields is ended, and what it told is seen", async () => {
  await using project = await Project.create({
    "pipelines/stuck.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("stuck", {
  description: "", params: z.object({ loops: z.boolean().default(false), limit: z.number().default(60) }),
}, ({ step, each, params }) => {
  const numbers = step("numbers", () => ({ rows: 2, data: new Float32Array(new SharedArrayBuffer(8)) }));
  each("work", ["a", "b"], { numbers }, (item, { numbers }, { log, metric, progress }) => {
    progress(0.5);
    metric("rows", numbers.rows);
    log(item + " on " + numbers.data.buffer.constructor.name);
    while (params.loops && item === "b") { /* for ever */ }
    return item.toUpperCase();
  }, { timeout: params.limit });
});`,
  });
  const before = performance.now();
  const fine = await project.run("stuck", "--json");
  assertEquals(fine.code, 0);
  assertMatch(fine.stdout, /"step_progress".*"done":0.5/);
  // A busy machine takes longer to come to where the step never yields; it is given that time.
  const limit = Math.ceil(3 * (performance.now() - before) / 1000);
  const { code, stdout, stderr } = await project.run(
    ...["stuck", "--jobs", "2", "--param", "loops=true", "--param", `limit=${limit}`],
  );
  assertEquals(code, 1);
  assertEquals(stdout.split("\n").sort(), ["", "a on SharedArrayBuffer", "b on SharedArrayBuffer"]);
  assertStringIncludes(stderr, `error: Cannot finish step work[b] within ${limit} s`);
});

Deno.test("history: clean-up and runs keep out of each other's way", async () => {
  await using project = await Project.create({
    "pipelines/slow.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("slow", { description: "", params: z.object({}) }, ({ step }) => {
  step("wait", ({ log }) => { log("waiting"); return new Promise<number>((resolve) => setTimeout(resolve, 800, 1)); });
});`,
  });
  const child = project.command("slow", "--quiet").spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const { code, stderr } = await project.run("gc");
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^error: Cannot clean up while slow_\w+ \(process \d+ on \S+, for \d+ s\) is under way\nnext: wait/,
  );
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
  assertEquals((await project.run("gc")).code, 0);
});
