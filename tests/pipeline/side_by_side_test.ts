/** Runs and clean-ups beside each other: never a wrong value under a key. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { collectGarbage } from "../../src/run_history/mod.ts";
import { LocalStore, MemoryStore } from "../../src/artifact_store/mod.ts";
import { Project } from "./project.ts";
import { Session } from "./session.ts";

const head = `
import { pipeline, savedFile } from "@pipeline";
import { z } from "zod";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** A step that writes a path, and says so when there is a file "go". */
const slow = (name: string) =>
  `${head}
export default pipeline("${name}", {
  description: "", params: z.object({ k: z.number().default(0), free: z.boolean().default(true) }),
}, ({ step, params }) => {
  const file = step("write", {}, async (_, { log }) => {
    await Deno.writeTextFile("out.txt", "${name} " + params.k);
    log("written");
    for (let i = 0; i < 3000 && !await Deno.stat("go").catch(() => undefined); i++) await pause(20);
    return savedFile("out.txt");
  });
  step("read", { file }, async ({ file }, { log }) => log("read " + await Deno.readTextFile(file.path)));
});`;

Deno.test("side by side: two runs of a step that writes one path come one after the other", async () => {
  await using project = await Project.create({ "pipelines/slow.ts": slow("slow") });
  await using first = new Session(project.command("slow", "--param", "k=1"));
  await first.until("written\n");
  await using second = new Session(project.command("slow", "--param", "k=2"));
  assertMatch(
    await second.until(" s)\n"),
    /warning: Waiting for write of run slow_\w+ \(process \d+ on \S+, for \d+ s\)\n$/,
  );
  await project.write("go", "");
  await first.until("read slow 1\n");
  await second.until("read slow 2\n");
  assertEquals(await Promise.all([first.ended(), second.ended()]), [0, 0]);
  for (const k of [1, 2, 1]) {
    const { stdout, stderr } = await project.run("slow", "--param", `k=${k}`);
    assertStringIncludes(stderr, "write: CACHED");
    assertStringIncludes(stdout, `read slow ${k}\n`);
    assertEquals(await Deno.readTextFile(project.path("out.txt")), `slow ${k}`);
  }
});

Deno.test("side by side: different pipelines that write one path are refused with both names", async () => {
  await using project = await Project.create({
    "pipelines/one.ts": slow("one"),
    "pipelines/two.ts": slow("two"),
  });
  await using one = new Session(project.command("one"));
  await using two = new Session(project.command("two"));
  await Promise.all([one.until("written\n"), two.until("written\n")]);
  await project.write("go", "");
  await Promise.all([one.until("run one_"), two.until("run two_")]);
  const refused = [one, two].filter(({ text }) => text.includes("write: FAILED"));
  assert(refused.length >= 1, "both were kept");
  for (const { text } of refused) {
    assertMatch(
      text,
      /Cannot keep \/\S+\/out\.txt: write and write of run (one|two)_\w+ both write it/,
    );
  }
  // Whatever was kept is right; from now on each waits for the other.
  for (const name of ["one", "two"]) {
    const { code, stdout, stderr } = await project.run(name);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, `read ${name} 0\n`);
  }
  const again = await Promise.all([project.run("one", "--force"), project.run("two", "--force")]);
  assertEquals(again.map(({ code }) => code), [0, 0]);
});

Deno.test("side by side: items of a fan-out that write one path are refused with both names", async () => {
  await using project = await Project.create({
    "pipelines/many.ts": `${head}
export default pipeline("many", { description: "", params: z.object({}) }, ({ each }) => {
  each("item", ["a", "b", "c", "d"], async (item) => {
    await Deno.writeTextFile("same.txt", item);
    await pause(100);
    return savedFile("same.txt");
  });
});`,
  });
  for (const jobs of ["4", "1"]) {
    const { code, stderr } = await project.run("many", "--jobs", jobs);
    assertEquals(code, 1);
    assertMatch(stderr, /Cannot keep \S+same\.txt: item\[\w\] and item\[\w\].* both write it/);
  }
  const alone = await project.run("many", "--only", "item[c]");
  assertEquals([alone.code, await Deno.readTextFile(project.path("same.txt"))], [0, "c"]);
});

Deno.test("side by side: the same work is done once, and a step may rewrite what it was given", async () => {
  await using project = await Project.create({
    "pipelines/same.ts": `${head}
export default pipeline("same", { description: "", params: z.object({}) }, ({ step, each }) => {
  const items = each("item", [1, 2, 3, 4], async (item, { log }) => { log("did " + item); await pause(200); return item; });
  const file = step("write", { items }, async ({ items }) => {
    await Deno.writeTextFile("sum.txt", String(items.length));
    return savedFile("sum.txt");
  });
  step("append", { file }, async ({ file }) => {
    await Deno.writeTextFile(file.path, "!", { append: true });
    return savedFile(file.path);
  });
});`,
  });
  await project.run("same", "--only", "item[1]"); // now it is known that items save no files
  const ended = await Promise.all([
    project.run("same", "--jobs", "2"),
    project.run("same", "--jobs", "2"),
  ]);
  assertEquals(ended.map(({ code }) => code), [0, 0], ended.map(({ stderr }) => stderr).join());
  const starts = ended.flatMap(({ stderr }) => stderr.match(/^item\[\d\]: done/gm) ?? []);
  assertEquals(starts.sort(), [2, 3, 4].map((item) => `item[${item}]: done`));
  assertEquals(await Deno.readTextFile(project.path("sum.txt")), "4!");
});

/** A pipeline that is quick, and fails if it is asked to. */
const quick = `${head}
export default pipeline("quick", {
  description: "", params: z.object({ k: z.number().default(0), fail: z.boolean().default(false) }),
}, ({ step, each, params }) => {
  const a = step("a", () => "value " + params.k);
  const b = each("b", ["x", "y"], { a }, (item, { a }) => item + a);
  step("c", { b }, ({ b }) => { if (params.fail) throw new Error("broken"); return b.join(); });
});`;

Deno.test("gc: what the newest successful run needs stays; failed and partial runs, pins", async () => {
  await using project = await Project.create({ "pipelines/quick.ts": quick });
  const plan = async (k: number) =>
    [...new Set(Object.values(await project.plan("quick", "--param", `k=${k}`)))].join();
  await project.run("quick", "--param", "k=1");
  const { stdout: listed } = await project.run("runs", "--json");
  const pinned = JSON.parse(listed)[0].run;
  assertEquals((await project.run("runs", "pin", pinned)).code, 0);
  await project.run("quick", "--param", "k=2");
  for (const k of [3, 4, 5]) {
    await project.run("quick", "--param", `k=${k}`, "--param", "fail=true");
  }
  await project.run("quick", "--param", "k=2", "--only", "b[x]");
  await project.run("quick", "--param", "k=2", "--only", "b[y]");
  const { code } = await project.run("gc", "--keep", "1");
  assertEquals(code, 0);
  assertEquals([await plan(1), await plan(2)], ["CACHED", "CACHED"]);
  assertMatch((await project.run("runs")).stdout, new RegExp(`${pinned}.*succeeded, pinned`));
  await project.run("runs", "unpin", pinned);
  await project.run("gc", "--keep", "1");
  assertStringIncludes(await plan(1), "RUN");
  assertEquals(await plan(2), "CACHED");
});

Deno.test("gc: two at once are kept apart; a killed run and a killed clean-up hold nobody", async () => {
  await using project = await Project.create({ "pipelines/slow.ts": slow("slow") });
  const store = new LocalStore(project.path(".dinoflow"));
  const answer = store.tryLock("locks/gc", "a clean-up");
  if (!("lock" in answer)) throw new Error("the lock is not free");
  await assertRejects(
    () => collectGarbage(store, 1),
    Error,
    `Cannot clean up while a clean-up (process ${Deno.pid} on ${Deno.hostname()}, for `,
  );
  answer.lock[Symbol.dispose]();
  await using session = new Session(project.command("slow"));
  await session.until("written\n");
  await session.end("SIGKILL");
  await project.write("go", "");
  // What a process leaves that had the id of one which lives is no lock.
  await project.write(
    ".dinoflow/locks/gc",
    JSON.stringify({ what: "old", pid: Deno.pid, host: Deno.hostname() }),
  );
  const { code, stdout } = await project.run("slow");
  assertEquals([code, stdout], [0, "written\nread slow 0\n"]);
  assertEquals((await project.run("gc")).code, 0);
});

class FullDisk extends LocalStore {
  override write(): Promise<void> {
    return Promise.reject(new Error("No space left on device (os error 28)"));
  }
}

Deno.test("gc: it works where the disk is full", async () => {
  await using project = await Project.create({ "pipelines/quick.ts": quick });
  await project.run("quick", "--param", "k=1");
  await project.run("quick", "--param", "k=2");
  const { removed } = await collectGarbage(new FullDisk(project.path(".dinoflow")), 1);
  assert(removed > 0);
  assertEquals(await collectGarbage(new MemoryStore(), 1), { removed: 0, freed: 0, kept: 0 });
});

Deno.test("read-only: a run of which all is kept, and a plan, need not write", async () => {
  await using project = await Project.create({ "pipelines/quick.ts": quick });
  await project.run("quick");
  const home = project.path(".dinoflow");
  const before = await snapshot(home);
  const denied = project.denyWrite(home);
  for (const args of [["quick"], ["quick", "--plan"]]) {
    const { code, stderr } = await denied(...args);
    assertEquals(code, 0, stderr);
    if (args.length === 1) assertStringIncludes(stderr, "c: CACHED");
  }
  assertEquals(await snapshot(home), before);
  const changed = await denied("quick", "--param", "k=7");
  assertEquals(changed.code, 1);
});

async function snapshot(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await snapshot(`${folder}/${name}`));
    else found.push(`${folder}/${name} ${(await Deno.stat(`${folder}/${name}`)).mtime?.getTime()}`);
  }
  return found.sort();
}
