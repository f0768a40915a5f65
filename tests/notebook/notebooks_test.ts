/** The notebooks of the project: they run headless, and show what they were committed with. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkNotebooks, executeNotebook } from "../../src/notebook/mod.ts";
import { largestOutput } from "../../src/cells/view.ts";
import { setParameters, sourceText } from "../../src/notebook_files/mod.ts";
import { committed, copyOfProject, folder, shapeOf, small } from "./small_notebooks.ts";

Deno.test("notebooks: each is in the list of this test", async () => {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".ipynb")) names.push(name.slice(0, -".ipynb".length));
  }
  assertEquals(names.sort(), Object.keys(small));
});

for (const name of Object.keys(small)) {
  Deno.test(`notebooks: ${name} is committed whole, small, and tells no machine's paths`, async () => {
    const notebook = await committed(name);
    const text = await Deno.readTextFile(join(folder, `${name}.ipynb`));
    assert(text.length < 2_000_000, `${text.length} bytes`);
    assert(!/(?<![\w.])\/(work|tmp|home|root|Users)\//.test(text));
    assertEquals((notebook.metadata.kernelspec as { name: string }).name, "dinoflow");
    const codes = notebook.cells.filter(({ cell_type }) => cell_type === "code");
    assertEquals(
      codes.map(({ execution_count }) => execution_count),
      codes.map((_, i) => i + 1),
      "executed in order, from a fresh kernel",
    );
    for (const { id, outputs } of codes) {
      for (const output of outputs as { output_type: string; data?: Record<string, unknown> }[]) {
        assert(output.output_type !== "error", `${id} failed`);
        assert(JSON.stringify(output).length < largestOutput, `${id} shows too much`);
        if (output.data) assert("text/plain" in output.data, `${id} shows nothing in a terminal`);
      }
    }
  });
}

for (const [name, params] of Object.entries(small)) {
  Deno.test(`notebooks: ${name} runs headless and shows what it was committed with`, async () => {
    const notebook = await committed(name);
    await using project = await copyOfProject();
    const { notebook: executed, failure } = await executeNotebook(
      setParameters(notebook, params, name),
      { cwd: join(project.path, "notebooks"), timeout: 300 },
    );
    assertEquals(failure, undefined);
    assertEquals(shapeOf(executed), shapeOf(notebook));
  });
}

Deno.test("notebooks: the types of each fit together", async () => {
  const files = await Promise.all(
    Object.keys(small).map(async (name) => ({
      notebook: await committed(name),
      path: join(folder, `${name}.ipynb`),
    })),
  );
  assertEquals(await checkNotebooks(files), files.map(() => []));
});

Deno.test("notebooks: cells of code are formatted", async () => {
  // Each as a file: `deno fmt --check` (2.9.6) takes no cell of several lines for formatted.
  const copies = await Deno.makeTempDir();
  for (const name of Object.keys(small)) {
    for (const cell of (await committed(name)).cells) {
      if (cell.cell_type !== "code") continue;
      await Deno.writeTextFile(join(copies, `${name}_${cell.id}.ts`), `${sourceText(cell)}\n`);
    }
  }
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--check", "--line-width", "100", "."],
    cwd: copies,
    env: { NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  await Deno.remove(copies, { recursive: true });
});
