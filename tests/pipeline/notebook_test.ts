/** Notebooks as steps, with an executor that only pretends. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type NotebookCell, type NotebookDocument } from "../../src/notebook_files/mod.ts";
import { Project } from "./project.ts";

function code(source: string | string[], ...tags: string[]): NotebookCell {
  return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
}

function notebook(...cells: NotebookCell[]): NotebookDocument {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

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
