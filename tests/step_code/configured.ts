/** Projects whose pipeline is told by its wiring, some with a configuration of their own. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };
import { Project } from "../pipeline/project.ts";
import { type Files } from "./versions.ts";

const head = `import { codec, pipeline, savedFile } from "@pipeline"; import { z } from "zod";
void codec; void savedFile;\n`;
/** A pipeline with a wiring. */
export const piped = (body: string, top = "", options = "") =>
  `${head}${top}
export default pipeline("p", { description: "", params: z.object({ path: z.string().default("a.txt") }) ${options}},
  ({ step, each, file, params }) => {\n${body}\n});\n`;

/** A project with its own configuration, which lies above its pipelines. */
export async function configured(files: Files, config: Record<string, unknown>): Promise<Project> {
  const project = await Project.create(files);
  await configure(project, config);
  return project;
}

/** Writes the configuration. */
export async function configure(project: Project, config: Record<string, unknown>): Promise<void> {
  const { imports, compilerOptions } = denoConfig;
  await Deno.writeTextFile(
    project.path("deno.json"),
    JSON.stringify({
      nodeModulesDir: "none",
      lock: false,
      ...config,
      imports: { ...imports, ...config.imports as object },
      compilerOptions: { ...compilerOptions, ...config.compilerOptions as object },
    }),
  );
}

/** The entry of the command line. */
export const main = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));

/** Runs the command line with the project's own configuration. */
export async function run(project: Project, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--config", project.path("deno.json"), main, ...args],
    cwd: project.folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(code, 0, text(stderr));
  return text(stdout);
}
