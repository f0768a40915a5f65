/** The notebooks of the project under Jupyter's own client: they are ordinary notebooks. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readNotebook, setParameters } from "../../src/notebook_files/mod.ts";
import { kernelSpec } from "../../src/notebook/cli/kernel_spec.ts";
import { succeeds } from "../program.ts";
import { committed, copyOfProject, shapeOf, small } from "./small_notebooks.ts";

const python = fromFileUrl(import.meta.resolve("../../.venv/bin/python"));
const script = fromFileUrl(import.meta.resolve("../python/run_notebook.py"));
const full = Deno.args.includes("--full");

const hasClient = await succeeds(python, "-c", "import nbclient");

for (const [name, params] of Object.entries(small)) {
  const short = full || name === "01_explore" || name === "02_features";
  Deno.test({
    name: `nbclient: ${name} runs${short ? "" : " (needs --full)"}` +
      `${hasClient ? "" : " (needs .venv with nbclient)"}`,
    ignore: !hasClient || !short,
    fn: async () => {
      const scratch = await Deno.makeTempDir();
      await using project = await copyOfProject();
      const kernel = join(scratch, "kernels", "dinoflow");
      await Deno.mkdir(kernel, { recursive: true });
      const spec = kernelSpec([Deno.execPath()]);
      await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec));
      const path = join(scratch, `${name}.ipynb`);
      const notebook = setParameters(await committed(name), params, name);
      await Deno.writeTextFile(path, JSON.stringify(notebook));
      const { success, stderr } = await new Deno.Command(python, {
        args: [script, path, join(project.path, "notebooks")],
        env: { JUPYTER_PATH: scratch, DINOFLOW_TYPES: "off" },
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const executed = await readNotebook(path);
      const { cells } = executed;
      assertEquals(shapeOf(executed), shapeOf(await committed(name)));
      const counts = cells.filter(({ cell_type }) => cell_type === "code")
        .map(({ execution_count }) => execution_count);
      assertEquals(counts, counts.map((_, i) => i + 1));
      await Deno.remove(scratch, { recursive: true });
    },
  });
}

const hasConverter = await succeeds(python, "-c", "import nbconvert");

Deno.test({
  name: "nbconvert: figures are still drawings, tables are there, nothing runs" +
    `${hasConverter ? "" : " (needs .venv with nbconvert)"}`,
  ignore: !hasConverter,
  fn: async () => {
    const scratch = await Deno.makeTempDir();
    const notebook = fromFileUrl(import.meta.resolve("../../notebooks/02_features.ipynb"));
    const { success, stderr } = await new Deno.Command(python, {
      args: ["-m", "nbconvert", "--to", "html", "--template", "basic", "--output-dir", scratch]
        .concat(notebook),
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const page = await Deno.readTextFile(join(scratch, "02_features.html"));
    const { cells } = await committed("02_features");
    const outputs = cells.flatMap(({ outputs = [] }) => outputs as { data?: object }[]);
    const having = (type: string) => outputs.filter(({ data = {} }) => type in data).length;
    assert(having("application/vnd.plotly.v1+json") > 0);
    assertEquals(
      page.match(/<img[^>]*src="data:image\/svg\+xml/g)?.length,
      having("application/vnd.plotly.v1+json"),
    );
    assert(having("application/vnd.dinoflow.table+json") > 0);
    assert((page.match(/<table/g)?.length ?? 0) >= having("application/vnd.dinoflow.table+json"));
    assert(!/Share chart|plotly\.com/.test(page));
    await Deno.remove(scratch, { recursive: true });
  },
});
