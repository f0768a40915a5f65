/** Notebooks become pipelines, pipelines become notebooks, and a step runs a notebook. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { executeNotebook } from "../../src/notebook/mod.ts";
import { listRuns } from "../../src/run_history/mod.ts";
import { LocalStore, readArtifact } from "../../src/artifact_store/mod.ts";
import { readNotebook, setParameters } from "../../src/notebook_files/mod.ts";
import { runNotebookCli } from "../../src/notebook/cli/cli.ts";
import { Project } from "../pipeline/project.ts";
import { code, notebook, prose } from "./notebook_files.ts";

const root = fromFileUrl(import.meta.resolve("../../"));

/** A project with the framework's configuration, in which pipelines and notebooks can run. */
async function projectWith(files: Record<string, unknown>): Promise<Project> {
  const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const texts = Object.entries(files).map((
    [path, content],
  ) => [path, typeof content === "string" ? content : JSON.stringify(content)]);
  return await Project.create({
    ...Object.fromEntries(texts),
    "deno.json": JSON.stringify({ imports: config.imports, nodeModulesDir: "none" }),
  });
}

async function cli(project: Project, ...args: string[]) {
  let said = "";
  const write = (text: string) => void (said += text);
  const sink = { write, size: () => undefined };
  const exit = await runNotebookCli(
    args.map((arg) => /\.(ipynb|ts)$/.test(arg) ? project.path(arg) : arg),
    {
      root: project.folder,
      stdout: sink,
      stderr: sink,
      signal: new AbortController().signal,
    },
  );
  return { exit, said: said.replaceAll(`${project.folder}/`, "") };
}

const steps = notebook(
  prose("# Squares of *numbers*"),
  code('const count = 4;\nconst factor: number = 0.5;\nconst words = ["a", "b"];', "parameters"),
  'import { scaled, unused } from "../lib.ts";\nimport { show } from "../src/cells/mod.ts";',
  "function square(x: number) { return x * x; }",
  code("const numbers = Array.from({ length: count }, (_, i) => i);\nnumbers", "step:load"),
  code(
    "const squares = numbers.map(square);\nconst names = words.join();\nshow(squares);",
    "step:make-squares",
  ),
  "console.log(squares, numbers);",
  code(
    "const total = await Promise.resolve(scaled(squares, factor).reduce((a, b) => a + b) + names.length);",
    "step:total",
  ),
);
const lib = `export const unused = 1;
export function scaled(numbers: readonly number[], factor: number) {
  return numbers.map((number) => number * factor);
}`;

Deno.test("to-pipeline: tagged cells become a pipeline that gives the notebook's values", async () => {
  await using project = await projectWith({ "notebooks/squares.ipynb": steps, "lib.ts": lib });
  const { exit, said } = await cli(project, "to-pipeline", "notebooks/squares.ipynb");
  assertEquals([exit, said.split("\n")[0]], [0, "pipelines/squares.ts"], said);
  const text = await Deno.readTextFile(project.path("pipelines/squares.ts"));
  assertStringIncludes(text, 'description: "Squares of numbers",');
  assertStringIncludes(text, 'import { scaled } from "../lib.ts";');
  assertMatch(
    text,
    /count: z\.number\(\)\.int\(\)\.default\(4\),\s+factor: z\.number\(\)\.default\(0\.5\)/,
  );
  assertMatch(text, /const load = step\("load", \(\) => \{\s+const \{ count \} = params;/);
  assertMatch(
    text,
    /const makeSquares = step\("make-squares", \{ numbers: load \}, \(\{ numbers \}\)/,
  );
  assertMatch(text, /step\("total", \{ makeSquares \}, async \(\{ makeSquares \}\) => \{/);
  assertEquals(/show|console/.test(text), false, "what only shows something stays behind");

  const run = await project.run("squares");
  assertEquals(run.code, 0, run.stderr);
  // What the cells give: 0+1+4+9 halved, and the length of "a,b".
  assertEquals(await artifacts(project), {
    load: [0, 1, 2, 3],
    "make-squares": { squares: [0, 1, 4, 9], names: "a,b" },
    total: 10,
  });
  const again = await cli(project, "to-pipeline", "notebooks/squares.ipynb");
  assertEquals(again.exit, 2);
  assertStringIncludes(again.said, "it exists");
});

Deno.test("to-pipeline: a step gives several values, one of its own name; helpers are there once", async () => {
  await using project = await projectWith({
    "notebooks/split.d.ipynb": notebook(
      code(
        "function twice(x: number) { return 2 * x; }\nfunction own(x: number) { return x + 1; }\n" +
          "const split = [twice(1), own(1)];\nconst rest = 3;",
        "step:split",
      ),
      code("const one = twice(split.length) + rest;", "step:sum"),
      code("const all = one + rest;", "step:one"),
    ),
  });
  const { exit, said } = await cli(
    project,
    ...["to-pipeline", "notebooks/split.d.ipynb", "--out", "pipelines/split.ts"],
  );
  assertEquals(exit, 0, said);
  const text = await Deno.readTextFile(project.path("pipelines/split.ts"));
  assertEquals(text.match(/function twice/g)?.length, 1);
  assertMatch(text, /^function twice/m, "two steps need it");
  assertMatch(text, /^ +function own/m, "one step alone needs it");
  const run = await project.run("split");
  assertEquals(run.code, 0, run.stderr);
  assertEquals(await artifacts(project), { split: { split: [2, 2], rest: 3 }, sum: 7, one: 10 });
});

/** What a pipeline's last run has made, by step. */
async function artifacts(project: Project): Promise<Record<string, unknown>> {
  const store = new LocalStore(project.path(".dinoflow"));
  const [{ units }] = await listRuns(store);
  return Object.fromEntries(
    await Promise.all(
      units.map(async ({ step, artifact }) =>
        [step, await readArtifact(store, artifact!.digest)] as const
      ),
    ),
  );
}

Deno.test("to-pipeline: the features of the project's notebook come out of its pipeline", async () => {
  const path = join(root, "notebooks/02_features.ipynb");
  const features = await readNotebook(path);
  const tell = "console.log(JSON.stringify({ state, X: { ...X, data: Array.from(X.data) } }));";
  const { notebook: executed, failure } = await executeNotebook(
    setParameters({ ...features, cells: [...features.cells, code(tell)] }, { rows: 400 }, path),
    { cwd: join(root, "notebooks"), timeout: 120 },
  );
  assertEquals(failure, undefined);
  const [{ text }] = executed.cells.at(-1)!.outputs as { text: string }[];

  // Outside of the project, its modules are named by their addresses.
  const moved = JSON.stringify(features).replaceAll(
    '\\"../',
    `\\"${new URL("../../", import.meta.url)}`,
  );
  await using project = await projectWith({ "notebooks/features.ipynb": moved });
  const { exit, said } = await cli(project, "to-pipeline", "notebooks/features.ipynb");
  assertEquals(exit, 0, said);
  const run = await project.run("features", "--param", "rows=400");
  assertEquals(run.code, 0, run.stderr);
  const { fit, matrix } = await artifacts(project) as {
    fit: unknown;
    matrix: { data: Float32Array };
  };
  const made = { state: fit, X: { ...matrix, data: Array.from(matrix.data) } };
  assertEquals(JSON.parse(JSON.stringify(made)), JSON.parse(text));
});

Deno.test("to-pipeline: what makes no pipeline is refused, and nothing is written", async () => {
  const cases: Record<string, [ReturnType<typeof notebook>, string]> = {
    none: [notebook("1"), "no cell is a step"],
    loose: [
      notebook("const a = 1;", code("const b = a;", "step:one")),
      'step "one" in cell 2 uses "a", which cell 1 makes without being a step',
    ],
    closure: [
      notebook(
        code("const a = 1;", "step:one"),
        "const f = () => a;",
        code("const b = f();", "step:two"),
      ),
      '"f" in cell 2 uses "a" of the notebook',
    ],
    changed: [
      notebook(code("let a = 1;", "step:one"), code("a = a + 1;\nconst b = a;", "step:two")),
      'step "two" changes "a", which step "one" makes',
    ],
    types: [notebook(code("const a: string = 1;", "step:one")), "passes deno check: TS2322"],
    unreadable: [notebook(code("const a = ;", "step:one")), "cell 1, line 1: SyntaxError"],
  };
  await using project = await projectWith(
    Object.fromEntries(
      Object.entries(cases).map(([name, [file]]) => [`notebooks/${name}.ipynb`, file]),
    ),
  );
  for (const [name, [, message]] of Object.entries(cases)) {
    const { exit, said } = await cli(project, "to-pipeline", `notebooks/${name}.ipynb`);
    assertEquals(exit, 1, name);
    assertStringIncludes(said, message);
  }
  const left = await Array.fromAsync(Deno.readDir(project.path("pipelines"))).catch(() => []);
  assertEquals(left, []);
});

const executing = `
import { pipeline, runNotebook } from "@pipeline";
import { kernelExecutor } from "${import.meta.resolve("../../src/notebook/mod.ts")}";
export default pipeline("explore", { description: "explores" }, ({ step, file }) => {
  const notebook = file("notebook", "notebooks/explore.ipynb");
  step("explore", { notebook }, ({ notebook }, context) =>
    runNotebook({ notebook, params: { rows: 5 }, to: "reports/explore", executor: kernelExecutor() }, context));
});`;

Deno.test("a step executes a notebook in a kernel, keeps it, and fails with its cell", async () => {
  const explore = notebook(
    prose("# Explore"),
    code("const rows = 2;", "parameters"),
    'import { scaled } from "../lib.ts";\nscaled([rows], 2)[0]',
  );
  await using project = await projectWith({
    "pipelines/explore.ts": executing,
    "notebooks/explore.ipynb": explore,
    "lib.ts": lib,
  });
  const first = await project.run("explore");
  assertEquals(first.code, 0, first.stderr);
  const { cells } = JSON.parse(await Deno.readTextFile(project.path("reports/explore.ipynb")));
  assertStringIncludes(JSON.stringify(cells.at(-1).outputs), "10");
  assertStringIncludes(
    await Deno.readTextFile(project.path("reports/explore.html")),
    "<h1>Explore</h1>",
  );
  assertEquals(await project.plan("explore"), { explore: "CACHED" });

  await project.edit(
    "notebooks/explore.ipynb",
    "scaled([rows], 2)[0]",
    "1;\\nthrow new Error('boom')",
  );
  const second = await project.run("explore");
  assertEquals(second.code, 1);
  assertStringIncludes(second.stderr, "cell 4 failed: line 3: Error: boom");
});

Deno.test("from-pipeline: a notebook reads what each step has made, and runs", async () => {
  await using project = await projectWith({
    "pipelines/sums.ts": `
import { pipeline } from "@pipeline";
export default pipeline("sums", { description: "Adds numbers" }, ({ step, each }) => {
  const numbers = step("load", () => [1, 2, 3]);
  const squares = each("square", [1, 2], { numbers }, (item, { numbers }) => numbers[item] ** 2);
  step("sum", { squares }, ({ squares }) => squares.reduce((a, b) => a + b));
});`,
  });
  assertEquals((await project.run("sums")).code, 0);
  const { exit, said } = await cli(project, "from-pipeline", "sums");
  assertEquals([exit, said.split("\n")[0]], [0, "notebooks/sums.ipynb"], said);
  const ran = await cli(project, "run", "notebooks/sums.ipynb", "--timeout", "60");
  assertEquals(ran.exit, 0, ran.said);
  const { cells } = JSON.parse(await Deno.readTextFile(project.path("notebooks/sums.ipynb")));
  assertStringIncludes(cells[0].source, "```mermaid\nflowchart LR\n");
  const shown = JSON.stringify(cells.at(-1).outputs).replaceAll(/\\u001b\[\d+m/g, "");
  assertStringIncludes(shown, '"13"');
  assertStringIncludes((await cli(project, "from-pipeline", "sum")).said, 'did you mean "sums"?');
});
