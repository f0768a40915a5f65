/** A small project in a folder of its own, changed and run by tests. */

import { fromFileUrl, join } from "@std/path";
import denoConfig from "../../deno.json" with { type: "json" };

const mod = import.meta.resolve("../../src/pipeline/mod.ts");
const main = fromFileUrl(import.meta.resolve("../../src/pipeline_cli/main.ts"));
const config = fromFileUrl(import.meta.resolve("../../deno.json"));
/** The arguments of the pipeline task without its entry: what users' runs are permitted. */
const task = denoConfig.tasks.pipeline.command.replace("--allow-ffi=node_modules", "--allow-ffi")
  .split(" ").slice(1, -1);

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files; `@pipeline` in a file stands for the runner's address. */
export class Project implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async create(files: Record<string, string>): Promise<Project> {
    const project = new Project(await Deno.realPath(await Deno.makeTempDir()));
    for (const [path, text] of Object.entries(files)) await project.write(path, text);
    return project;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async write(path: string, text: string): Promise<void> {
    await Deno.mkdir(join(this.folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(this.path(path), text.replaceAll("@pipeline", mod));
  }

  async edit(path: string, from: string | RegExp, to: string): Promise<void> {
    const text = await Deno.readTextFile(this.path(path));
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`Nothing to edit in ${path}`);
    await Deno.writeTextFile(this.path(path), edited);
  }

  command(...args: string[]): Deno.Command {
    return this.#command([], args);
  }

  /** The command line where a folder may not be written. */
  denyWrite(folder: string): (...args: string[]) => Promise<Ended> {
    return (...args) => ended(this.#command([`--deny-write=${folder}`], args));
  }

  /** The command line, where a file of the project runs first in the same process. */
  runAfter(file: string, ...args: string[]): Promise<Ended> {
    return ended(this.#command([`--preload=${this.path(file)}`], args));
  }

  /** The command line below processes that a script of bash starts; it runs it as "$@". */
  commandBehind(script: string, env: Record<string, string>, ...args: string[]): Deno.Command {
    const line = [Deno.execPath(), ...task, "--config", config, main, ...args];
    return new Deno.Command("bash", {
      args: ["-c", script, "bash", ...line],
      cwd: this.folder,
      env: { NO_COLOR: "1", ...env },
      stdout: "piped",
      stderr: "piped",
    });
  }

  #command(flags: string[], args: string[]): Deno.Command {
    return new Deno.Command(Deno.execPath(), {
      args: [...task, ...flags, "--config", config, main, ...args],
      cwd: this.folder,
      env: { NO_COLOR: "1", npm_command: "" }, // also where npx runs the tests
      stdout: "piped",
      stderr: "piped",
    });
  }

  async run(...args: string[]): Promise<Ended> {
    return await ended(this.command(...args));
  }

  /** What a run would do, as `step: VERDICT reasons`. */
  async plan(pipeline: string, ...args: string[]): Promise<Record<string, string>> {
    const { code, stdout, stderr } = await this.run(pipeline, "--plan", ...args);
    if (code !== 0) throw new Error(stderr);
    return Object.fromEntries(
      stdout.trimEnd().split("\n").map((line) => {
        const [verdict, unit, ...reasons] = line.split(/ +/);
        return [unit, [verdict, ...reasons].join(" ")];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function ended(command: Deno.Command): Promise<Ended> {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
