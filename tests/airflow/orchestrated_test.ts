/** Runs whose steps are carried out one by one, in working copies that share a store. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { Project } from "../pipeline/project.ts";
import { s3Program, S3Server } from "../artifact_store/s3_server.ts";
import { waitUntil } from "../wait_until.ts";
import { airflow, runDag } from "./airflow.ts";

const counts = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("counts", {
  description: "Counts", params: z.object({ upTo: z.int().default(3) }),
  schedule: { cron: "30 1 * * 1", timeZone: "Europe/Berlin" },
}, ({ step, each, params }) => {
  const read = step("read", {}, (_, { log }) => { log("read"); return 10; });
  const checked = step("check", { read }, ({ read }) => read);
  const items = Array.from({ length: params.upTo }, (_, i) => i + 1);
  const counted = each("count", items, { checked }, (n, { checked }, { log }) => {
    log("count " + n);
    return n * checked;
  });
  step("sum", { counted }, ({ counted }, { log, metric }) => {
    const sum = Object.values(counted).reduce((sum, one) => sum + one, 0);
    metric("sum", sum);
    log("sum " + sum);
  });
});
`;

async function copies(count: number): Promise<Project[]> {
  const files = { "pipelines/counts.ts": counts, "deno.json": "{}" };
  return await Promise.all(Array.from({ length: count }, () => Project.create(files)));
}

async function runIn(project: Project, env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await project.commandBehind('"$@"', env, ...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("orchestrated runs: steps in two copies make one run", async () => {
  const [first, second] = await copies(2);
  await using _first = first;
  await using _second = second;
  const store = await Deno.makeTempDir();
  const env = { DINOFLOW_STORE: `file://${store}` };
  const part = async (project: Project, unit: string) =>
    await runIn(
      project,
      env,
      "counts",
      "--run",
      "manual__2026-11-29T13:00:00+00:00",
      "--only",
      unit,
    );
  const early = await part(second, "check");
  assertEquals(early.code, 1);
  assertStringIncludes(early.stderr, "read, which it needs, is not up to date");
  const units = ["read", "check", "count[1]", "count[2]", "count[3]", "sum"];
  for (const [i, unit] of units.entries()) {
    const { code, stderr } = await part([first, second][i % 2], unit);
    assertEquals(code, 0, stderr);
  }
  const again = await part(first, "sum");
  assertStringIncludes(again.stderr, "sum: CACHED");
  const runs = JSON.parse((await runIn(first, env, "runs", "--json")).stdout);
  assertEquals(runs.length, 1);
  const [run] = runs;
  assertEquals([run.run, run.status, run.exitCode], [
    ...["manual__2026-11-29T13_00_00_00_00", "succeeded", 0],
  ]);
  const made = run.units.map(({ step, item, status }: Record<string, string>) => [
    item === undefined ? step : `${step}[${item}]`,
    status,
  ]);
  assertEquals(Object.fromEntries(made), Object.fromEntries(units.map((unit) => [unit, "ran"])));
  const show = await runIn(second, env, "show", run.run);
  assertStringIncludes(show.stdout, "LOG count[2]\n  count 2\n");
  assertStringIncludes(show.stdout, "sum   sum     60");
  await Deno.remove(store, { recursive: true });
});

const stamps = `
import { pipeline } from "@pipeline";
export default pipeline("stamps", { description: "What is made each time" }, ({ step }) => {
  const stamp = step("stamp", {}, (_, { log }) => {
    log("stamped");
    return crypto.randomUUID();
  }, { cache: false });
  const first = step("first", { stamp }, ({ stamp }) => stamp);
  step("second", { first, stamp }, ({ first, stamp }, { log }) => log("same " + (first === stamp)));
});
`;

Deno.test("orchestrated runs: what is made each time is made once in a run, and several steps are one part", async () => {
  const files = { "pipelines/stamps.ts": stamps, "deno.json": "{}" };
  await using first = await Project.create(files);
  await using second = await Project.create(files);
  const store = await Deno.makeTempDir();
  const env = { DINOFLOW_STORE: `file://${store}` };
  const part = (project: Project, run: string, ...units: string[]) => {
    const only = units.flatMap((unit) => ["--only", unit]);
    return runIn(project, env, "stamps", "--run", run, ...only);
  };
  const made = await part(first, "one", "stamp", "first");
  assertEquals(made.code, 0, made.stderr);
  const rest = await part(second, "one", "second");
  assertEquals([rest.code, rest.stdout.trim()], [0, "stamped\nsame true"], rest.stderr);
  // Tried again, as after a lost worker, nothing is made twice; another run makes its own.
  assertStringIncludes((await part(second, "one", "stamp")).stderr, "stamp: CACHED");
  const other = await part(second, "two", "second");
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "stamp, which it needs, is not up to date");
  const alone = await runIn(first, env, "stamps");
  assertStringIncludes(alone.stdout, "same true");
  assert(!alone.stderr.includes("stamp: CACHED"));
  await Deno.remove(store, { recursive: true });
});

Deno.test("orchestrated runs: a worker with other code is refused by key", async () => {
  const [first, second] = await copies(2);
  await using _first = first;
  await using _second = second;
  const store = await Deno.makeTempDir();
  const env = { DINOFLOW_STORE: `file://${store}` };
  const part = (project: Project, unit: string) =>
    runIn(project, env, "counts", "--run", "one", "--only", unit);
  assertEquals((await part(first, "read")).code, 0);
  await second.edit("pipelines/counts.ts", "return 10", "return 11");
  const { code, stderr } = await part(second, "check");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "read, which it needs, is not up to date");
  assertStringIncludes(stderr, "this working copy has other code, data or packages");
  await second.edit("pipelines/counts.ts", "return 11", "return 10");
  assertEquals((await part(second, "check")).code, 0);
  await Deno.remove(store, { recursive: true });
});

Deno.test({
  name: "orchestrated runs: a store that goes away in the middle loses nothing (needs S3)",
  ignore: s3Program === undefined,
}, async () => {
  const made = `
    import { pipeline } from "@pipeline";
    export default pipeline("made", { description: "Makes two things" }, ({ step }) => {
      const first = step("first", () => "first ".repeat(10));
      step("second", { first }, async ({ first }, { log }) => {
        await Deno.writeTextFile("begun", "");
        while (await Deno.stat("away").then(() => false, () => true)) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        log("made of " + first.length);
        return first + "second";
      });
    });
  `;
  await using project = await Project.create({ "pipelines/made.ts": made, "deno.json": "{}" });
  const stand = { DINOFLOW_STORE: "s3://team/cache" };
  const early = await S3Server.start();
  const run = runIn(project, { ...early.env(), ...stand }, "made");
  const begun = () => Deno.stat(project.path("begun")).then(() => true, () => false);
  await waitUntil(begun, "the second step has begun");
  await early[Symbol.asyncDispose]();
  await project.write("away", "");
  const { code, stderr } = await run;
  assertEquals(code, 1);
  assertStringIncludes(stderr, `on ${early.address}`);
  assertStringIncludes(stderr, "run again, what was made is kept on this machine");
  const kept = new LocalStore(project.path(".dinoflow"));
  const unshared = () => Array.fromAsync(kept.list("unshared/"), ({ key }) => key);
  assert((await unshared()).some((key) => key.startsWith("unshared/steps/made/second")));
  // What could not be shared is shared by the next run, which makes nothing anew.
  await using server = await S3Server.start();
  const env = { ...server.env(), ...stand };
  const again = await runIn(project, env, "made");
  assertEquals([again.code, again.stdout.trim()], [0, "made of 60"], again.stderr);
  assertStringIncludes(again.stderr, "second: CACHED");
  assertEquals(await unshared(), []);
});

Deno.test("orchestrated runs: a parameter that does not fit is told before anything runs", async () => {
  const [project] = await copies(1);
  await using _project = project;
  const script = `echo '{"upTo": "many", "size": 2}' | "$@"`;
  const { code, stderr } = await project.commandBehind(script, {}, "counts", "--params=-", "--plan")
    .output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "upTo");
});

Deno.test("orchestrated runs: a run is named for one step only", async () => {
  const [project] = await copies(1);
  await using _project = project;
  const { code, stderr } = await runIn(project, {}, "counts", "--run", "mine");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "name the step too: --only STEP --run ID");
});

Deno.test("orchestrated runs: parameters come by the standard input", async () => {
  const [project] = await copies(1);
  await using _project = project;
  const script = `echo '{"upTo": 5}' | "$@"`;
  const { stdout, success } = await project.commandBehind(script, {}, "counts", "--params=-")
    .output();
  assert(success);
  assertStringIncludes(new TextDecoder().decode(stdout), "sum 150");
});

Deno.test({
  name: "orchestrated runs: a real Airflow maps items, and skips what is made (needs Airflow)",
  ignore: airflow === undefined,
}, async () => {
  const [project] = await copies(1);
  await using _project = project;
  const store = await Deno.makeTempDir();
  const first = await runDag(project, "counts", { upTo: 4 }, { DINOFLOW_STORE: `file://${store}` });
  assertEquals(first.states, {
    ...{ plan: 1, check: 1, "count.items": 1, count: 4, sum: 1, done: 1 },
  }, first.told);
  assertStringIncludes(first.told, "sum 100");
  const second = await runDag(project, "counts", { upTo: 4 }, {
    DINOFLOW_STORE: `file://${store}`,
  });
  assertEquals(second.states, { plan: 1, done: 1 }, second.told);
  // One more item is all that is made, and what depends on it.
  const third = await runDag(project, "counts", { upTo: 5 }, { DINOFLOW_STORE: `file://${store}` });
  const wrong = await assertRejects(() => runDag(project, "counts", { upTo: "many" }, {}), Error);
  assertStringIncludes(wrong.message, "upTo");
  assertEquals(third.states, { plan: 1, "count.items": 1, count: 1, sum: 1, done: 1 }, third.told);
  await Deno.remove(store, { recursive: true });
});
