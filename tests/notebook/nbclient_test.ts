/** The notebooks of the project under Jupyter's own client: they are ordinary notebooks. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readNotebook, setParameters } from "../../src/pipeline/mod.ts";
import { committed, copyOfProject, small } from "./small_notebooks.ts";

const python = fromFileUrl(import.meta.resolve("../../.venv/bin/python"));
const script = fromFileUrl(import.meta.resolve("../python/run_notebook.py"));
const full = Deno.args.includes("--full");

const hasClient = await new Deno.Command(python, { args: ["-c", "import nbclient"] }).output()
  .then(({ success }) => success, () => false);

for (const [name, params] of Object.entries(small)) {
  const short = full || name === "02_features";
  Deno.test({
    name: `nbclient: ${name} runs${short ? "" : " (needs --full)"}` +
      `${hasClient ? "" : " (needs .venv with nbclient)"}`,
    ignore: !hasClient || !short,
    fn: async () => {
      const scratch = await Deno.makeTempDir();
      await using project = await copyOfProject();
      await Deno.mkdir(join(scratch, "kernels/deno"), { recursive: true });
      await Deno.writeTextFile(
        join(scratch, "kernels/deno/kernel.json"),
        JSON.stringify({
          argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
          display_name: "Deno",
          language: "typescript",
        }),
      );
      const path = join(scratch, `${name}.ipynb`);
      const notebook = setParameters(await committed(name), params, name);
      await Deno.writeTextFile(path, JSON.stringify(notebook));
      const { success, stderr } = await new Deno.Command(python, {
        args: [script, path, join(project.path, "notebooks")],
        env: { JUPYTER_PATH: scratch },
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      // Its outputs are not compared: nbclient stops listening before the kernel has sent all.
      const { cells } = await readNotebook(path);
      const counts = cells.filter(({ cell_type }) => cell_type === "code")
        .map(({ execution_count }) => execution_count);
      assertEquals(counts, counts.map((_, i) => i + 1));
      await Deno.remove(scratch, { recursive: true });
    },
  });
}
