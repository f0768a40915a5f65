/** Writes the notebook that both sides run, the command of ours and the kernel for nbclient. */

import { fromFileUrl } from "@std/path";
import { sideArguments } from "./side.ts";

const { folder, rows } = sideArguments();
const cells = Array.from({ length: rows }, (_, i) => ({
  cell_type: "code",
  id: `cell-${i}`,
  metadata: {},
  execution_count: null,
  outputs: [],
  source: `console.log("cell", ${i});\n${i}`,
}));
const metadata = { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } };
const notebook = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
await Deno.writeTextFile(`${folder}/cells.ipynb`, JSON.stringify(notebook));

const root = new URL("../../", import.meta.url);
const { tasks }: { tasks: { notebook: { command: string } } } = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", root)),
);
const [, ...task] = tasks.notebook.command.split(" ");
const main = fromFileUrl(new URL(task.pop()!, root));
const config = fromFileUrl(new URL("deno.json", root));
const command = [Deno.execPath(), ...task, `--config=${config}`, main, "run"];
await Deno.writeTextFile(`${folder}/command.json`, JSON.stringify(command));

const kernel = `${folder}/jupyter/kernels/deno`;
await Deno.mkdir(kernel, { recursive: true });
const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
const spec = { argv, display_name: "Deno", language: "typescript" };
await Deno.writeTextFile(`${kernel}/kernel.json`, JSON.stringify(spec));
