/** Files from outside that a pipeline makes if they are missing. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Project } from "./project.ts";

const files = {
  "pipelines/count.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";
import { write } from "../lib/write.ts";

export default pipeline("count", {
  description: "counts numbers",
  params: z.object({ kept: z.boolean().default(true), how: z.string().default("well") }),
}, ({ step, file, params }) => {
  const source = file("source", "data/numbers.txt", {
    make: ({ log, progress }) => {
      progress(0.5, "writing");
      log("making numbers");
      return write("data/numbers.txt", params.how);
    },
  });
  const read = async (path: string) => (await Deno.readTextFile(path)).split(" ").map(Number);
  const count = step("count", { source }, async ({ source }) => (await read(source)).length, {
    cache: params.kept,
  });
  const sum = step("sum", { source }, async ({ source }) => {
    return (await read(source)).reduce((a, b) => a + b);
  });
  step("print", { count, sum }, ({ count, sum }, { log }) => log(count + " numbers, sum " + sum));
});
`,
  "lib/write.ts": `
export async function write(path: string, how: string): Promise<void> {
  if (how === "not at all") return;
  if (how === "badly") throw new Error("the disk is full");
  await Deno.mkdir("data", { recursive: true });
  await Deno.writeTextFile(path, "1 2 3");
}
`,
};

Deno.test("missing file: made in the first run, once for all readers; the second is cached", async () => {
  await using project = await Project.create(files);
  const first = await project.run("count");
  assertEquals([first.code, first.stdout], [0, "making numbers\n3 numbers, sum 6\n"]);
  assertEquals(first.stderr.match(/^source: /gm)?.length, 2); // started, done
  assertEquals(await project.plan("count"), { count: "CACHED", sum: "CACHED", print: "CACHED" });
  const second = await project.run("count");
  assertEquals([second.code, second.stdout], [0, "3 numbers, sum 6\n"]);
  assertEquals(second.stderr.match(/: (CACHED|started)$/gm), [": CACHED", ": CACHED", ": CACHED"]);
  assertMatch((await project.run("show", "latest~1")).stdout, /^source +ran .*FILE MISSING data/m);
});

Deno.test("missing file: a plan says that it is made first, and does not make it", async () => {
  await using project = await Project.create(files);
  const made = "RUN FILE MISSING data/numbers.txt";
  assertEquals(await project.plan("count"), {
    source: made,
    count: "RUN NEW",
    sum: "RUN NEW",
    print: "RUN NEW",
  });
  assertEquals((await project.plan("count")).source, made);
  await project.run("count", "--quiet");
  await Deno.remove(project.path("data"), { recursive: true });
  const maybe = "MAYBE INPUT source runs first: cached if it comes out the same";
  const plan = await project.plan("count");
  assertEquals([plan.source, plan.count, plan.sum], [made, maybe, maybe]);
  const { stderr } = await project.run("count");
  assertMatch(stderr, /^source: done/m);
  assertEquals(stderr.match(/: CACHED$/gm)?.length, 3); // the same content as before
});

Deno.test("missing file: its making is not part of what a step depends on, its content is", async () => {
  await using project = await Project.create(files);
  await project.run("count", "--quiet");
  await project.edit("lib/write.ts", "1 2 3", "1 2 3 4");
  assertEquals((await project.plan("count")).count, "CACHED");
  await Deno.remove(project.path("data/numbers.txt"));
  assertEquals(
    (await project.run("count", "--quiet")).stdout.trim().split("\n")[1],
    "4 numbers, sum 10",
  );
});

Deno.test("missing file: made for steps that are never cached too, with one core", async () => {
  await using project = await Project.create(files);
  const { code, stdout } = await project.run("count", "--param", "kept=false", "--jobs", "1");
  assertEquals([code, stdout], [0, "making numbers\n3 numbers, sum 6\n"]);
});

Deno.test("missing file: a making that fails or writes nothing fails the run by the file's name", async () => {
  await using project = await Project.create(files);
  const failed = await project.run("count", "--param", "how=badly");
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "source: FAILED");
  assertStringIncludes(failed.stderr, "error: the disk is full");
  const nothing = await project.run("count", "--param", "how=not at all");
  assertEquals(nothing.code, 1);
  assertStringIncludes(
    nothing.stderr,
    'error: Cannot find data/numbers.txt after file "source" was made\nnext: write it there',
  );
});
