/** An output that a step says is for this run alone. */

import { assertEquals } from "@std/assert";
import { Project } from "./project.ts";

const files = {
  "pipelines/demo.ts": `
import { pipeline } from "@pipeline";
import { z } from "zod";

export default pipeline("demo", {
  description: "forgets what it had no time for",
  params: z.object({}),
}, ({ step, each }) => {
  const found = each("find", ["a", "b"], {}, async (name, _, { forget }) => {
    const isThere = name === "a" || await Deno.stat("ready").then(() => true, () => false);
    if (!isThere) forget();
    return isThere ? name : "nothing";
  });
  // Of other ways to run a step: in a thread of its own, in a process of its own.
  const aside = step("aside", {}, (_, { forget }) => (forget(), 1), { timeout: 60 });
  const alone = step("alone", {}, (_, { forget }) => (forget(), 2), { permissions: {} });
  step("tell", { found, aside, alone }, ({ found, aside, alone }, { log }) =>
    log([...found, aside, alone].join(" ")));
});
`,
};

Deno.test("forget: the run goes on with such an output, the next one makes it again", async () => {
  await using project = await Project.create(files);
  const first = await project.run("demo");
  assertEquals([first.code, first.stdout], [0, "a nothing 1 2\n"], first.stderr);
  const plan = {
    "find[a]": "CACHED",
    "find[b]": "RUN NEW",
    aside: "RUN NEW",
    alone: "RUN NEW",
    tell: "MAYBE INPUT found runs first: cached if it comes out the same",
  };
  const seen = await project.plan("demo");
  for (const [name, verdict] of Object.entries(plan)) {
    assertEquals(
      seen[name]?.startsWith(verdict.split(" found")[0]),
      true,
      `${name}: ${seen[name]}`,
    );
  }
  const again = await project.run("demo");
  assertEquals([again.code, again.stdout], [0, "a nothing 1 2\n"]);
  await project.write("ready", "");
  const then = await project.run("demo");
  assertEquals([then.code, then.stdout], [0, "a b 1 2\n"]);
  assertEquals((await project.plan("demo"))["find[b]"], "CACHED");
});
