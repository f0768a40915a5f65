import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ScheduleEvent } from "../../src/pipeline_cli/mod.ts";
import { Project } from "../pipeline/project.ts";
import { Session } from "../pipeline/session.ts";

/** The command line with a real clock and a pipeline that is due every second. */
const files = {
  "pipelines/tick.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("tick", {
  description: "runs each second",
  params: z.object({ words: z.array(z.string()), fail: z.boolean().default(false) }),
  schedule: { cron: "* * * * * *", timeZone: "UTC", params: { words: ["a", "b"] } },
}, ({ step, params }) => {
  step("tick", {}, (_, { log }) => {
    if (params.fail) throw new Error("broken");
    console.log("printed");
    console.log("{}");
    log("tick " + params.words.join("+"));
  }, { cache: false });
});
`,
  "pipelines/never.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("never", { description: "by hand", params: z.object({}) }, () => {});
`,
};

async function log(project: Project): Promise<ScheduleEvent[]> {
  const text = await Deno.readTextFile(project.path(".dinoflow/schedule/log.jsonl"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("schedule: the command runs what is due, writes its log and ends on SIGTERM", async () => {
  await using project = await Project.create(files);
  await using session = new Session(project.command("schedule"));
  await session.until("scheduling tick; Ctrl-C ends\n");
  await session.until("[tick] printed\n[tick] {}\n");
  await session.until("[tick] tick a+b\n");
  await session.until("succeeded\n");
  // The next run loads the file as it is then.
  await project.edit("pipelines/tick.ts", "default(false)", "default(true)");
  await session.until("failed: tick: broken\n");
  assertEquals(await session.end("SIGTERM"), 130);
  const events = await log(project);
  assertEquals(events[0].type, "scheduler_started");
  assertEquals(events.at(-1)?.type, "scheduler_stopped");
  const ran = events.find((event) => event.type === "run_finished");
  assert(ran?.run?.startsWith("tick_"), "the run's name is not in the log");
});

Deno.test("schedule: once ends with 1 where a run failed", async () => {
  await using project = await Project.create(files);
  await project.write(
    ".dinoflow/schedule/state.json",
    JSON.stringify({ tick: "2026-01-01T00:00:00Z" }),
  );
  await project.edit("pipelines/tick.ts", "default(false)", "default(true)");
  const { code, stderr } = await project.run("schedule", "--once");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "failed: tick: broken\n");
  assertEquals((await log(project)).map(({ type }) => type), ["run_started", "run_finished"]);
});

Deno.test("schedule: --list shows the next times; what is not scheduled is told", async () => {
  await using project = await Project.create(files);
  await project.edit("pipelines/tick.ts", '"* * * * * *"', '"0 2 29 2 *"');
  const { code, stdout } = await project.run("schedule", "--list");
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^tick {2}0 2 29 2 \* {2}\(overlap skip, missed skip\)\n( {2}\d{4}-02-29 02:00:00 UTC\n){3}$/,
  );
  const json = await project.run("schedule", "tick", "--list", "--json");
  assertMatch(JSON.parse(json.stdout).next[0], /-02-29T02:00:00\.000Z$/);
  const never = await project.run("schedule", "never");
  assertEquals(never.code, 2);
  assertStringIncludes(
    never.stderr,
    'error: Cannot schedule pipeline "never": it says no time\nnext: give it one',
  );
});
