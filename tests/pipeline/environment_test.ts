/** What a step runs on counts: another lockfile or another Deno runs it again. */

import { assertEquals } from "@std/assert";
import { fingerprintDigest } from "../../src/pipeline/cache/fingerprint.ts";
import { Project } from "./project.ts";

const files = {
  "deno.json": "{}",
  "pipelines/p.ts": `
import { pipeline } from "@pipeline";
export default pipeline("p", { description: "adds" }, ({ step }) => {
  const a = step("a", () => 1);
  step("b", { a }, ({ a }) => a + 1);
});
`,
};

Deno.test("environment: a changed, new or missing deno.lock runs every step again, and is told", async () => {
  await using project = await Project.create(files);
  const states: (string | undefined)[] = ['{ "version": "5" }', '{ "version": "5", "x": 1 }'];
  const run = async () => assertEquals((await project.run("p", "--quiet")).code, 0);
  await run();
  const cached = { a: "CACHED", b: "CACHED" };
  assertEquals(await project.plan("p"), cached);
  for (const text of [...states, undefined]) {
    if (text === undefined) await Deno.remove(project.path("deno.lock"));
    else await project.write("deno.lock", text);
    const plan = await project.plan("p");
    if (text === undefined) assertEquals(plan, cached, "as it was without one");
    else {
      assertEquals(plan.a, "RUN ENVIRONMENT deno.lock changed");
      assertEquals(/^(RUN|MAYBE) .*deno\.lock changed/.test(plan.b), true, plan.b);
      await run();
      assertEquals(await project.plan("p"), cached);
    }
  }
});

Deno.test("environment: another Deno runs every step again, and is told", async () => {
  await using project = await Project.create(files);
  assertEquals((await project.run("p", "--quiet")).code, 0);
  // The version is what Deno says of itself: here of a program that runs before the runner.
  const other = `const value = { ...Deno.version, deno: "2.0.0" };
Object.defineProperty(Deno, "version", { value });`;
  await project.write("other_deno.ts", other);
  const { code, stdout, stderr } = await project.runAfter("other_deno.ts", "p", "--plan");
  assertEquals(code, 0, stderr);
  const lines = stdout.trimEnd().split("\n").map((line) => line.replaceAll(/ +/g, " "));
  assertEquals(lines[0], "RUN a ENVIRONMENT Deno changed");
});

Deno.test("environment: each part of a fingerprint changes its digest", async () => {
  const one = {
    ...{ schema: 2, code: {}, params: {}, inputs: {}, deno: "2", config: "c", lock: "l" } as const,
  };
  const all = await Promise.all([
    one,
    { ...one, lock: "m" },
    { ...one, deno: "3" },
    { ...one, config: "d" },
    { ...one, platform: "p" },
  ].map(fingerprintDigest));
  assertEquals(new Set(all).size, all.length);
});
