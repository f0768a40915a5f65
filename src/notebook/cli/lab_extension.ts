/** What JupyterLab needs to draw figures and to turn the pages of tables: an extension of it. */

import { createRequire } from "node:module";
import { dirname, fromFileUrl, join } from "@std/path";
import { writeFileAtomic } from "../../base/mod.ts";

/** Where it lies if kernels lie in that folder. */
export function labExtensionFolder(kernels: string): string {
  return join(dirname(kernels), "labextensions", "dinoflow");
}

/** Writes it; JupyterLab finds it there by itself. */
export async function writeLabExtension(folder: string): Promise<void> {
  const parts = join(folder, "static");
  await Deno.mkdir(parts, { recursive: true });
  const from = fromFileUrl(import.meta.resolve("../lab/"));
  for await (const { name } of Deno.readDir(from)) {
    await writeFileAtomic(join(parts, name), await Deno.readTextFile(join(from, name)));
  }
  const plotly = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  await writeFileAtomic(join(parts, "plotly.js"), await Deno.readTextFile(plotly));
  const about = {
    name: "dinoflow",
    version: "0.1.0",
    description: "Figures and tables of Dinoflow",
    jupyterlab: {
      extension: true,
      _build: { load: "static/remoteEntry.js", extension: "./extension" },
    },
  };
  await writeFileAtomic(join(folder, "package.json"), `${JSON.stringify(about, null, 2)}\n`);
}
