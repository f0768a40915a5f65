/** The notebook about features, made a pipeline, gives what the notebook gives. */

import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { notebookToPipeline } from "../../src/notebook/convert/to_pipeline.ts";
import { executeNotebook } from "../../src/notebook/mod.ts";
import { listRuns } from "../../src/run_history/mod.ts";
import { LocalStore } from "../../src/artifact_store/mod.ts";
import { setParameters } from "../../src/notebook_files/mod.ts";
import { Project } from "../pipeline/project.ts";
import { committed, folder, small } from "./small_notebooks.ts";

const name = "02_features";
const codec = import.meta.resolve("../../src/artifact_store/codec.ts");
const base = import.meta.resolve("../../src/base/mod.ts");

/** Which variable of the notebook each step gives. */
const outputs = { raw: "raw", clean: "cleaned", fill: "filled", fit: "state", matrix: "X" };

/** Digests of variables, as the store of a pipeline computes them. */
async function digestsOfNotebook(): Promise<Record<string, string>> {
  const notebook = setParameters(await committed(name), small[name], name);
  const digests = Object.entries(outputs).map(([step, variable]) =>
    `${step}: sha256(encode(${variable}).document)`
  );
  const last = {
    ...{ cell_type: "code", id: "digests", metadata: {}, execution_count: null, outputs: [] },
    source: `import { encode } from "${codec}";\nimport { sha256 } from "${base}";\n` +
      `await Deno.jupyter.display({ "application/json": { ${
        digests.join(", ")
      } } }, { raw: true })`,
  };
  const { notebook: executed, failure } = await executeNotebook(
    { ...notebook, cells: [...notebook.cells, last] },
    { cwd: folder },
  );
  assertEquals(failure, undefined);
  const shown = executed.cells.at(-1)!.outputs as {
    data: Record<string, Record<string, string>>;
  }[];
  return shown[0].data["application/json"];
}

Deno.test(`notebooks: ${name} as a pipeline gives the notebook's values, byte for byte`, async () => {
  const config = JSON.parse(
    await Deno.readTextFile(fromFileUrl(import.meta.resolve("../../deno.json"))),
  );
  await using project = await Project.create({
    "deno.json": JSON.stringify({ imports: config.imports, nodeModulesDir: "none" }),
    "pipelines/.gitkeep": "",
  });
  const path = join(folder, `${name}.ipynb`);
  await notebookToPipeline(await committed(name), path, project.path("pipelines/features.ts"));
  const { code, stderr } = await project.run("features", "--param", `rows=${small[name].rows}`);
  assertEquals(code, 0, stderr);

  const [record] = await listRuns(new LocalStore(project.path(".dinoflow")));
  const digests = record.units.map(({ step, artifact }) => [step, artifact!.digest]);
  assertEquals(Object.fromEntries(digests), await digestsOfNotebook());
});
