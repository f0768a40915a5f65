/**
 * Lets a server and a scheduler work for a long time, and fails if something piles up.
 *
 *     deno task soak [--minutes 60]
 *
 * The server answers without a pause while its model changes all the time; every answer must be
 * right, and neither memory nor open files may grow. The scheduler runs a pipeline every five
 * seconds; each due time must have its run, once, or be told as one that came too early, and the
 * process must not grow either.
 */

import { parseArgs } from "@std/cli/parse-args";
import { assert, assertEquals } from "@std/assert";
import type { ScheduleEvent } from "../../src/pipeline_cli/mod.ts";
import { Project } from "../pipeline/project.ts";
import { records, save } from "../serve/fixture.ts";
import { ServerProcess } from "../serve/server_process.ts";
import { waitUntil } from "../wait_until.ts";
import { grownBy, type Watched, watchProcess } from "./watched_process.ts";

/** Callers that ask the server, each as soon as it has its answer. */
const CALLERS = 4;
/** Minutes in which what is kept up to a limit, as predictions are for feedback, reaches it. */
const WARM = 10;
/** Seconds between two due times of the scheduled pipeline. */
const EVERY = 5;

const { minutes = "60" } = parseArgs(Deno.args, { string: ["minutes"] });
const end = performance.now() + Number(minutes) * 60_000;
const goesOn = () => performance.now() < end;
const pause = (seconds: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.min(seconds * 1000, end - performance.now())));

function log(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

/** What a process held must not have grown by more than chance; files not at all. */
function judge(name: string, watched: Watched): void {
  const { memory, files } = grownBy(watched);
  log(
    `${name}: memory by ${(memory.share * 100).toFixed(1)} % ` +
      `(${(memory.bytes / 1e6).toFixed(1)} MB), open files by ${files}`,
  );
  assert(files <= 10, `${name}: its open files grow`);
  if (Number(minutes) < WARM) return log(`${name}: ${WARM} minutes are needed to judge its memory`);
  // A collector that comes later or earlier moves the median by some percent and some megabytes.
  assert(memory.share < 0.1 || memory.bytes < 20e6, `${name}: its memory grows`);
}

async function soakServer(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder);
    const server = new ServerProcess(folder, ["--poll-seconds", "1"]);
    const { url } = await server.logged("listening") as { url: string };
    const watched = watchProcess(server.pid, goesOn);
    let answers = 0;
    let versions = 1;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let round = caller; goesOn(); round++) {
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          body: JSON.stringify(records[round % records.length]),
          headers: { "content-type": "application/json" },
        });
        const { probabilities } = await response.json();
        assertEquals(response.status, 200);
        const sum = probabilities.reduce((total: number, one: number) => total + one, 0);
        assert(Math.abs(sum - 1) < 1e-5, `the probabilities sum up to ${sum}`);
        answers++;
      }
    });
    const changes = (async () => {
      while (goesOn()) {
        await pause(2);
        await save(folder, versions++ % 2 === 0 ? 0 : 1);
        await fetch(`${url}/model/reload`, { method: "POST" }).then((answer) => answer.text());
        for await (const { name } of Deno.readDir(folder)) {
          const old = versions > 10 && name.includes("_v_") && await isOlder(`${folder}/${name}`);
          if (old) await Deno.remove(`${folder}/${name}`);
        }
      }
    })();
    await Promise.all([...callers, changes]);
    assertEquals(server.lines.filter(({ level }) => level === "error"), []);
    assertEquals(await server.stop(), 0);
    log(`server: ${answers} answers, ${versions} models`);
    judge("server", await watched);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether a file is of a version that nobody uses any more. */
async function isOlder(path: string): Promise<boolean> {
  const { mtime } = await Deno.stat(path);
  return Date.now() - mtime!.getTime() > 60_000;
}

async function soakScheduler(): Promise<void> {
  await using project = await Project.create({
    "pipelines/tick.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("tick", {
  description: "runs every ${EVERY} seconds",
  params: z.object({}),
  schedule: { cron: "*/${EVERY} * * * * *", timeZone: "UTC" },
}, ({ step }) => {
  step("tick", {}, () => 1, { cache: false });
});
`,
  });
  const child = project.command("schedule").spawn();
  const said = Promise.all([child.stdout, child.stderr].map((it) => new Response(it).text()));
  const watched = await watchProcess(child.pid, goesOn);
  child.kill("SIGTERM");
  const { code } = await child.status;
  assertEquals(code, 130, (await said).join("\n"));
  const text = await Deno.readTextFile(project.path(".dinoflow/schedule/log.jsonl"));
  const events = text.trimEnd().split("\n").map((line) => JSON.parse(line) as ScheduleEvent);
  const dueOf = (kind: RegExp) =>
    events.filter(({ type }) => kind.test(type))
      .map((event) => Date.parse((event as { due: string }).due));
  // On a busy machine a run may not be over when the next is due, which is told and no fault.
  const [due, ran] = [dueOf(/^(run_started|skipped)$/), dueOf(/^run_started$/)];
  const told = events.filter(({ type }) => /missed|failed/.test(type));
  assertEquals(told, [], "runs were left out");
  const gaps = due.slice(1).map((at, i) => at - due[i]);
  assert(ran.length > 1 && 2 * ran.length > due.length, `only ${ran.length} of ${due.length} ran`);
  assertEquals(gaps.filter((gap) => gap !== EVERY * 1000), [], "a due time was left out");
  const bad = events.filter((event) => event.type === "run_finished" && event.status === "failed");
  assertEquals(bad, []);
  log(`scheduler: ${ran.length} runs of ${due.length} that were due`);
  judge("scheduler", watched);
}

await Promise.all([soakServer(), soakScheduler()]);
await waitUntil(() => !goesOn(), "the time is over");
log(`soaked for ${minutes} minutes`);
