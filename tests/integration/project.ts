/** A throw-away checkout, so that whole commands run without touching this one. */

import { fromFileUrl, join } from "@std/path";

/** The checkout that the tests belong to. */
export const root = fromFileUrl(new URL("../..", import.meta.url));

/** Python with the reference packages, undefined if `.venv` is missing. */
export const python: string | undefined = await (async () => {
  const path = join(root, ".venv/bin/python");
  try {
    await Deno.stat(path);
    return path;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
})();

/** The public data beside the checkout, undefined if it is missing. */
export async function publicData(path: string): Promise<string | undefined> {
  const full = join(root, "../shared/data", path);
  try {
    await Deno.stat(full);
    return full;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What a command left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  const output = await new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd ?? root,
    env: { NO_COLOR: "1", ...options.env },
  }).output();
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/**
 * The folder of an earlier copy, with its packages. What Deno compiled goes by paths: in the same
 * folder nothing has to be installed or compiled again.
 */
let spare: string | undefined;

globalThis.addEventListener("unload", () => {
  if (spare !== undefined) Deno.removeSync(spare, { recursive: true });
});

/** A copy of the code with empty data, models, mlruns and reports folders. */
export class Project implements AsyncDisposable {
  private constructor(
    /** Its folder. */
    readonly path: string,
  ) {}

  /** Copies the code, and more folders on demand. */
  static async create(more: readonly string[] = []): Promise<Project> {
    const path = spare ?? await withPackages();
    spare = undefined;
    for (const folder of ["src", "pipelines", ...more]) {
      await copy(join(root, folder), join(path, folder));
    }
    for (const file of ["deno.json", "deno.lock"]) {
      await Deno.copyFile(join(root, file), join(path, file));
    }
    return new Project(path);
  }

  /** Runs a task of deno.json. */
  task(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    return run(Deno.execPath(), ["task", "--quiet", name, ...args], { cwd: this.path, env });
  }

  /** Starts a task of deno.json without waiting for it. */
  start(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", name, ...args],
      cwd: this.path,
      env: { NO_COLOR: "1", ...env },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** The sorted names in one of its folders; none if there is no such folder. */
  async names(folder: string): Promise<string[]> {
    try {
      const entries = await Array.fromAsync(Deno.readDir(join(this.path, folder)));
      return entries.map((entry) => entry.name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Removes all but the packages, and these too once the tests of the file are done. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (spare !== undefined) return await Deno.remove(this.path, { recursive: true });
    for await (const { name } of Deno.readDir(this.path)) {
      if (name !== "node_modules") await Deno.remove(join(this.path, name), { recursive: true });
    }
    spare = this.path;
  }
}

/** A new folder with the installed packages; what is missing Deno installs at the first command. */
async function withPackages(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "dinoflow-" });
  const packages = join(root, "node_modules");
  if (await Deno.stat(packages).then(() => true, () => false)) {
    await new Deno.Command("cp", { args: ["-al", packages, join(path, "node_modules")] }).output();
  }
  return path;
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copy(source, target);
    else await Deno.copyFile(source, target);
  }
}
