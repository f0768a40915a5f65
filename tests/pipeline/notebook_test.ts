/** Notebooks as steps, with an executor that only pretends. */

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError, UserError } from "../../src/base/mod.ts";
import type { NotebookCell, NotebookDocument } from "../../src/pipeline/mod.ts";
import { setParameters, setParameterTexts } from "../../src/pipeline/notebook/parameters.ts";
import { Project } from "./project.ts";

function code(source: string | string[], ...tags: string[]): NotebookCell {
  return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
}

function notebook(...cells: NotebookCell[]): NotebookDocument {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const declares = code([
  "// what can be set\n",
  "const rows: number = 10;\n",
  'let name = "a";\n',
  "var inner = 1;\n",
], "parameters");

const sources = ({ cells }: NotebookDocument) => cells.map(({ source }) => source);

Deno.test("notebook: parameters are declared again after their defaults, as they were", () => {
  const before = notebook(code("import x"), declares, code("rows"));
  const after = setParameters(before, { name: 'b"', rows: 2, inner: [1, { a: null }] }, "n.ipynb");
  assertEquals(sources(after), [
    "import x",
    declares.source,
    'let name = "b\\"";\nconst rows = 2;\nvar inner = [1,{"a":null}];',
    "rows",
  ]);
  assertEquals(after.cells[2].metadata.tags, ["injected-parameters"]);
  // A second time replaces the first; without parameters the defaults count.
  assertEquals(sources(setParameters(after, { rows: 3 }, ""))[2], "const rows = 3;");
  assertEquals(setParameters(after, {}, ""), before);
});

Deno.test("notebook: a parameter that is not declared is refused with the nearest", () => {
  assertThrows(
    () => setParameters(notebook(declares), { row: 1 }, "n.ipynb"),
    UserError,
    'Cannot set the parameter "row" in n.ipynb: its cell of parameters declares rows, name, inner',
  );
  assertThrows(
    () => setParameters(notebook(code("const rows = 1")), { rows: 1 }, "n.ipynb"),
    UserError,
    'no cell is tagged "parameters"',
  );
});

const files = {
  "pipelines/explore.ts": `
import { pipeline, runNotebook } from "@pipeline";
import { z } from "zod";
import { executor } from "../lib/executor.ts";

export default pipeline("explore", {
  description: "runs a notebook",
  params: z.object({ rows: z.number().default(10) }),
}, ({ step, file, params }) => {
  const notebook = file("notebook", "notebooks/explore.ipynb");
  step("explore", { notebook }, ({ notebook }, context) => {
    const { rows } = params;
    return runNotebook({ notebook, params: { rows }, to: "reports/explore", executor }, context);
  });
});
`,
  "lib/executor.ts": `
import type { NotebookExecutor } from "@pipeline";
export const executor: NotebookExecutor = {
  execute(notebook, path, { log, progress }) {
    const text = notebook.cells.map(({ source }) => [source].flat().join("")).join(" / ");
    progress(1);
    log(path + ": " + text);
    const failure = text.includes("throw") ? { cell: 2, message: "boom" } : undefined;
    return Promise.resolve({ notebook, html: "<p>" + text + "</p>", failure });
  },
};
`,
  "notebooks/explore.ipynb": JSON.stringify(notebook(code("const rows = 1;", "parameters"))),
};

Deno.test("notebook: a step keeps the notebook and its page, cached like any step", async () => {
  await using project = await Project.create(files);
  const { code: exit, stdout } = await project.run("explore");
  assertEquals([exit, stdout], [
    0,
    "notebooks/explore.ipynb: const rows = 1; / const rows = 10;\n",
  ]);
  const executed = JSON.parse(await Deno.readTextFile(project.path("reports/explore.ipynb")));
  assertEquals(executed.cells.length, 2);
  await Deno.remove(project.path("reports"), { recursive: true });
  assertMatch((await project.run("explore")).stderr, /^explore: CACHED$/m);
  assertEquals(
    await Deno.readTextFile(project.path("reports/explore.html")),
    "<p>const rows = 1; / const rows = 10;</p>",
  );
  assertEquals(
    (await project.plan("explore", "--param", "rows=5")).explore,
    "RUN PARAMS rows 10 → 5",
  );
  await project.edit("notebooks/explore.ipynb", "rows = 1", "rows = 2");
  assertEquals((await project.plan("explore")).explore, "RUN INPUT notebook changed");
  await project.edit("notebooks/explore.ipynb", "rows = 2", "rows = 1");
  await project.edit("lib/executor.ts", "progress(1)", "progress(0.5)");
  assertEquals((await project.plan("explore")).explore, "RUN CODE lib/executor.ts changed");
});

Deno.test("notebook: a cell that fails fails the step and leaves the page up to it", async () => {
  await using project = await Project.create(files);
  await project.edit("notebooks/explore.ipynb", "const rows = 1;", "const rows = 1; throw 1;");
  const { code: exit, stderr } = await project.run("explore");
  assertEquals(exit, 1);
  assertStringIncludes(
    stderr,
    "error: Cannot finish notebooks/explore.ipynb: cell 2 failed: boom\n",
  );
  assertStringIncludes(stderr, "next: see how far it came in reports/explore.html\n");
  assertStringIncludes(await Deno.readTextFile(project.path("reports/explore.html")), "throw 1");
});

Deno.test("notebook: a file that is no notebook is refused", async () => {
  await using project = await Project.create({ ...files, "notebooks/explore.ipynb": "{" });
  assertStringIncludes((await project.run("explore")).stderr, "explore.ipynb: it is not JSON");
  await project.write("notebooks/explore.ipynb", '{"nbformat": 3, "worksheets": []}');
  assertStringIncludes((await project.run("explore")).stderr, "its format is 3, wanted 4");
  await Deno.remove(project.path("notebooks/explore.ipynb"));
  assertStringIncludes(
    (await project.run("explore")).stderr,
    "Cannot find the notebook notebooks/",
  );
});

Deno.test("notebook: a word of the command line is read as the cell declares its parameter", () => {
  const declares = notebook({
    ...code(
      'let id: string = "x, y", rows = 10;\nconst version = "1.0"; // let comment = 1\n' +
        "let rate: number | undefined, on = false\nlet big = 5n\n" +
        "let ages: Map<string, number> = new Map(), list = [1, 2];\n" +
        'const kind: "a" | "b" = "a";\nlet found = Deno.env.get("X");\n' +
        "  let inner = 1;",
    ),
    metadata: { tags: ["parameters"] },
  });
  const set = (name: string, text: string) =>
    sources(setParameterTexts(declares, { [name]: text }, "n.ipynb"))[1];
  const cases: [string, string, string][] = [
    ["id", "1.10", 'let id = "1.10";'],
    ["id", "12345678901234567890", 'let id = "12345678901234567890";'],
    ["id", "12e4567", 'let id = "12e4567";'],
    ["id", "007", 'let id = "007";'],
    ["id", "null", 'let id = "null";'],
    ["id", "", 'let id = "";'],
    ["version", "2.10", 'const version = "2.10";'],
    ["kind", "b", 'const kind = "b";'],
    ["rows", "1e3", "let rows = 1000;"],
    ["rate", "-.5", "let rate = -0.5;"],
    ["on", "true", "let on = true;"],
    ["big", "12345678901234567890", "let big = 12345678901234567890n;"],
    ["ages", "[[1]]", "let ages = [[1]];"],
    ["list", '["1.10"]', 'let list = ["1.10"];'],
    ["found", "1.10", 'let found = "1.10";'],
    ["found", "5", "let found = 5;"],
  ];
  for (const [name, text, wanted] of cases) assertEquals(set(name, text), wanted);
  const wrong: [string, string, string][] = [
    ["rows", "many", "it takes a number"],
    ["rows", "", "it takes a number"],
    ["rows", "12345678901234567890", "holds 15 digits exactly"],
    ["on", "yes", "it takes true or false"],
    ["big", "1.5", "it takes a whole number"],
    ["list", "1,2", "it takes JSON"],
    ["comment", "1", "declares id, rows, version, rate, on, big, ages, list, kind, found"],
    ["inner", "1", "declares id"],
  ];
  for (const [name, text, message] of wrong) {
    assertThrows(() => set(name, text), UsageError, message);
  }
});
