/** A pipeline that was just started is right in every respect. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Project } from "../pipeline/project.ts";

const config = fromFileUrl(import.meta.resolve("../../deno.json"));

async function deno(project: Project, ...args: string[]): Promise<void> {
  const { success, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [args[0], "--config", config, ...args.slice(1)],
    cwd: project.folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stdout) + text.decode(stderr));
}

Deno.test("--new: the pipeline passes the formatter, the linter, the checker and its test, and runs", async () => {
  await using project = await Project.create({});
  for (const name of ["churn", "a_name_as_long_as_it_ever_may_be"]) {
    const { code, stdout, stderr } = await project.run("--new", name);
    const paths = [`pipelines/${name}.ts`, `tests/pipelines/${name}_test.ts`];
    assertEquals([code, stdout], [0, `${paths.join("\n")}\n`]);
    assertMatch(stderr, /^next: deno task pipeline /);
    await deno(project, "fmt", "--check", ...paths);
    await deno(project, "lint", ...paths);
  }
  // A name changes how lines are broken, nothing else.
  await deno(project, "test", "--allow-all", "tests/pipelines/churn_test.ts"); // checks types first
  const first = await project.run("churn");
  assertEquals([first.code, first.stdout], [0, "best guess 50, mean squared error 833.5\n"]);
  const again = await project.run("churn");
  assertEquals(again.stderr.match(/: CACHED$/gm)?.length, 6);
});

Deno.test("--new: a file that is there stays, and a name must be one", async () => {
  await using project = await Project.create({ "tests/pipelines/churn_test.ts": "// mine\n" });
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.run(...args);
    assertEquals([code, stdout], [2, ""]);
    return stderr;
  };
  assertStringIncludes(await refused("--new", "churn"), "tests/pipelines/churn_test.ts is there");
  assertEquals(await Deno.readTextFile(project.path("tests/pipelines/churn_test.ts")), "// mine\n");
  for (const name of ["../up", "Churn", "a-b", "1st", "", "a".repeat(33), "x_"]) {
    assertStringIncludes(await refused(`--new=${name}`), `Cannot name a pipeline "${name}"`);
  }
  assertStringIncludes(await refused("--new", "show"), "that is a command");
  assertStringIncludes(await refused("churn", "--new", "other"), "write only: deno task");
  assertEquals([...Deno.readDirSync(project.folder)].map(({ name }) => name), ["tests"]);
});
