/** The project's notebooks in JupyterLab's own page, in a browser. */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readNotebook, setParameters } from "../../src/notebook_files/mod.ts";
import { Lab, labLacks } from "./lab.ts";
import { committed, copyOfProject, shapeOf, small } from "./small_notebooks.ts";

const full = Deno.args.includes("--full");

Deno.test({
  name: "lab: the project's notebooks show in JupyterLab what they were committed with" +
    `${full ? ", all of them" : ""}, in a browser${labLacks}`,
  ignore: labLacks !== "",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using project = await copyOfProject();
    await using server = await Lab.start(project.path);
    for (const [name, params] of Object.entries(small)) {
      if (!full && name !== "02_features") continue;
      const set = setParameters(await committed(name), params, name);
      const cells = set.cells.map((cell) =>
        cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell
      );
      const file = `notebooks/${name}.ipynb`;
      const lab = await server.open(file, { ...set, cells });
      await lab.command("notebook:run-all-cells");
      const model = "jupyterapp.shell.currentWidget.content.model";
      await lab.until(
        `[...${model}.cells].every((cell) => cell.type !== "code" ||
          cell.sharedModel.getSource().trim() === "" || cell.executionCount !== null) &&
        jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle"`,
        `all cells of ${name} have run`,
        300,
      );
      await lab.page.evaluate("jupyterapp.shell.currentWidget.context.save()");
      assertEquals(
        shapeOf(await readNotebook(join(project.path, file))),
        shapeOf(await committed(name)),
        name,
      );
      await lab.close();
    }
  },
});
