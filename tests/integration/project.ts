/** A throw-away checkout, so that whole commands run without touching this one. */

import { fromFileUrl, join } from "@std/path";
import { tryFileLock } from "../../src/base/mod.ts";
import { giveKnownCode, keepKnownCode, sharedFolder } from "../known_code.ts";

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

/** A copy of the code with empty data, models, mlruns and reports folders. */
export class Project implements AsyncDisposable {
  private constructor(
    /** Its folder. */
    readonly path: string,
    private readonly lock: Disposable,
  ) {}

  /** Copies the code, and more folders on demand. */
  static async create(more: readonly string[] = []): Promise<Project> {
    const { path, lock } = await takeFolder();
    await copy("-R", ["src", "pipelines", ...more, "deno.json", "deno.lock"], path);
    await giveKnownCode(path);
    return new Project(path, lock);
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

  /** Removes all but the packages, for the next. */
  async [Symbol.asyncDispose](): Promise<void> {
    await keepKnownCode(this.path);
    await clear(this.path);
    this.lock[Symbol.dispose]();
  }
}

/**
 * Takes a folder with the installed packages that no other test has. What Deno compiled goes by
 * paths: in a folder that was used before nothing has to be installed or compiled again.
 */
async function takeFolder(): Promise<{ path: string; lock: Disposable }> {
  const folders = join(sharedFolder, "projects");
  await Deno.mkdir(folders, { recursive: true });
  for (let n = 0;; n++) {
    const path = join(folders, String(n));
    const answer = tryFileLock(`${path}.lock`, "a test");
    if (!("lock" in answer)) continue;
    await Deno.mkdir(path, { recursive: true });
    await clear(path); // of a test that was killed
    await addPackages(path);
    return { path, lock: answer.lock };
  }
}

async function clear(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== "node_modules") await Deno.remove(join(folder, name), { recursive: true });
  }
}

/** Links the packages, whole or not at all; what is missing Deno installs at the first command. */
async function addPackages(folder: string): Promise<void> {
  const place = join(folder, "node_modules");
  const isThere = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (await isThere(place) || !await isThere(join(root, "node_modules"))) return;
  await copy("-al", ["node_modules"], `${place}.part`);
  await Deno.rename(`${place}.part`, place);
}

/** Copies files and folders of the checkout. */
async function copy(how: "-R" | "-al", paths: readonly string[], to: string): Promise<void> {
  const { code, stderr } = await run("cp", [how, ...paths, to]);
  if (code !== 0) throw new Error(stderr);
}
