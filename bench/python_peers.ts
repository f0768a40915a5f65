/** The virtual environment of the Python peers. */

import { basename } from "@std/path";
import { UserError } from "../src/base/mod.ts";

/** Python with the pinned packages. */
export interface PythonPeers {
  /** Path of the interpreter. */
  readonly python: string;
  /** Version of each package by its name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Where environments may be. */
export interface PeersOptions {
  /** Folder with `bench/` and, perhaps, a `.venv` that can be used. */
  readonly root: string;
  /** Stops the set-up. */
  readonly signal?: AbortSignal;
  /** Hears what takes time. */
  say(text: string): void;
}

/**
 * An interpreter that has what `requirements` (a file below `bench/`) pins:
 * that of `.venv` where it happens to have it, else one below `.dinoflow/`, made
 * or brought up to date if it has not.
 *
 * @throws {UserError} if Python is missing or the packages cannot be installed.
 */
export async function pythonPeers(
  requirements: string,
  { root, say, signal }: PeersOptions,
): Promise<PythonPeers> {
  const file = `${root}/bench/${requirements}`;
  const versions = parseRequirements(await Deno.readTextFile(file));
  const own = `${root}/${ownEnvironment(requirements)}`;
  for (const folder of [`${root}/.venv`, own]) {
    const python = `${folder}/bin/python`;
    if (await has(python, versions, signal)) return { python, versions };
  }
  say(`Installing the peers of bench/${requirements} into ${own.slice(root.length + 1)}`);
  await install("python3", ["-m", "venv", own], signal);
  const python = `${own}/bin/python`;
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", file];
  await install(python, pip, signal);
  return { python, versions };
}

/**
 * Where the environment of `requirements` is made. Each file has its own: the packages
 * of two suites need not get along. The task `bench` in deno.json must allow its Python.
 */
export function ownEnvironment(requirements: string): string {
  const kind = basename(requirements, ".txt").replace(/^requirements-?/, "");
  return `.dinoflow/bench-venv${kind === "" ? "" : `-${kind}`}`;
}

/** The pinned version of each package, from lines `name==version`. */
export function parseRequirements(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => line.replace(/#.*$/, "").trim());
  return Object.fromEntries(
    lines.filter((line) => line !== "").map((line) => {
      const [name, version] = line.split("==");
      if (version === undefined) {
        throw new UserError(`Cannot use the requirement "${line}"`, {
          next: "pin it as name==version, so that a result can be repeated",
        });
      }
      return [name.toLowerCase(), version];
    }),
  );
}

const listVersions = `
import importlib.metadata, json, sys
def version(name):
    try: return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: return None
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
`;

/** Whether `python` is there and has exactly `versions`. */
async function has(
  python: string,
  versions: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  const names = Object.keys(versions);
  try {
    const { success, stdout } = await new Deno.Command(python, {
      args: ["-c", listVersions, ...names],
      stderr: "null",
      signal,
    }).output();
    signal?.throwIfAborted();
    if (!success) return false;
    const found: Record<string, string | null> = JSON.parse(new TextDecoder().decode(stdout));
    return names.every((name) => found[name] === versions[name]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function install(
  command: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      signal,
    }).output();
    signal?.throwIfAborted();
    if (success) return;
    const [said] = [stderr, stdout].map((bytes) => new TextDecoder().decode(bytes).trim())
      .filter((text) => text !== "");
    throw new UserError(`Cannot set up the Python peers: ${said?.split("\n").at(-1)}`, {
      next: "see that Python has venv and pip and reaches its package index",
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(`Cannot set up the Python peers: ${command} is not there`, {
      next: "install Python 3.11 or newer",
      cause: error,
    });
  }
}
