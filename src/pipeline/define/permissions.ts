/** What an isolated step may do, as it declares it and as Deno enforces it. */

import { isAbsolute, join, relative, resolve, UsageError, UserError } from "../../base/mod.ts";

/**
 * What a step reads, writes and calls. It then runs in a process of its own with
 * these permissions of Deno and no others; paths are relative to the working
 * directory, and a folder stands for all in it.
 *
 * What the step is given through its inputs (`file(…)`, saved files of other steps)
 * it may read without naming it here, as it may the packages of the project. Native code knows no permissions: a step with
 * `ffi` or `run` can do what the user can, whatever else is declared. Polars needs
 * `ffi: ["node_modules"]` and `sys: true`, also where an input is a frame.
 */
export interface StepPermissions {
  /**
   * Files and folders that it reads. Their content counts as its input: a change of
   * any file in a folder runs the step again, so name what is read, not what is around.
   */
  readonly read?: readonly string[];
  /** Files and folders that it writes; it may read them too, as renaming a file needs. */
  readonly write?: readonly string[];
  /**
   * Hosts that it calls, as `example.com` or `example.com:443`. What they answer is not seen.
   * Without any, modules from the network are taken only where Deno has them already.
   */
  readonly net?: readonly string[] | true;
  /** Environment variables that it reads; their values count as its input. */
  readonly env?: readonly string[] | true;
  /** What it asks of the system, as `hostname` or `cpus`. */
  readonly sys?: readonly string[] | true;
  /** Programs that it starts. */
  readonly run?: readonly string[] | true;
  /** Libraries that it loads, or their folder: `["node_modules"]` for Polars or ONNX Runtime. */
  readonly ffi?: readonly string[] | true;
}

const kinds = ["read", "write", "net", "env", "sys", "run", "ffi"] as const;

/** The permissions as flags of Deno, which are enough to narrow but never to ask. */
export function permissionFlags(permissions: StepPermissions): string[] {
  const flags = kinds.flatMap((kind) => {
    const names = permissions[kind] ?? [];
    return names === true
      ? [`--allow-${kind}`]
      : [...new Set(names)].map((name) => `--allow-${kind}=${name}`);
  });
  return ["--no-prompt", ...flags];
}

/**
 * Checks what a step declares, when its pipeline is wired.
 *
 * @param resources The resources among its inputs.
 * @throws {UsageError} for a step that takes a resource, or a name that no flag can carry.
 */
export function checkStepPermissions(
  pipeline: string,
  step: string,
  permissions: StepPermissions,
  resources: readonly string[],
): void {
  if (resources.length > 0) {
    throw new UsageError(
      `Cannot build pipeline "${pipeline}": step "${step}" declares permissions and takes the ` +
        `resource "${resources[0]}", which cannot cross into a process of its own`,
      { next: "leave the permissions out, or open inside of the step what it needs" },
    );
  }
  const names = kinds.flatMap((kind) => {
    const declared = permissions[kind] ?? [];
    return declared === true ? [] : declared;
  });
  const wrong = names.find((name) => name === "" || name.includes(","));
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot build pipeline "${pipeline}": step "${step}" declares the permission "${wrong}"`,
      { next: "give each path, host or name as an item of its own, without a comma" },
    );
  }
}

/**
 * Makes sure that a step reads by `import("…")` only code of the project and what it may
 * read: what a program imports by a name that is written out needs no permission of Deno.
 *
 * @param imports Paths from `root`.
 * @param readable Files and folders that the step may read.
 * @throws {UserError} naming the first other file.
 */
export function checkImports(
  step: string,
  imports: readonly string[],
  root: string,
  readable: readonly string[],
): void {
  for (const path of imports) {
    if (/\.[cm]?[jt]sx?$/.test(path) && !path.startsWith("..") && !isAbsolute(path)) continue;
    if (isWithin(join(root, path), readable)) continue;
    throw new UserError(`Cannot import ${path} in step ${step}: it is not declared`, {
      next: `add "${path}" to the step's permissions.read, or give it as an input with file(…)`,
    });
  }
}

/**
 * Makes sure that what a step calls its saved files lies where it may write or read: the run
 * reads them with all its rights.
 *
 * @throws {UserError} naming the first other file.
 */
export function checkSavedFiles(
  step: string,
  paths: readonly string[],
  allowed: readonly string[],
): void {
  const other = paths.find((path) => !isWithin(path, allowed));
  if (other === undefined) return;
  throw new UserError(`Cannot save ${other} in step ${step}: it is not declared`, {
    next: `add "${other}" to the step's permissions.write`,
  });
}

/** Whether a path is one of some files or in one of some folders, links followed. */
function isWithin(path: string, places: readonly string[]): boolean {
  const real = realPath(path);
  return places.some((place) => `${real}/`.startsWith(`${realPath(place)}/`));
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return resolve(path);
    throw error;
  }
}

/** What was refused, in words, by the kind of permission. */
const refused: Readonly<Record<typeof kinds[number], (name: string | undefined) => string>> = {
  read: (path = "any path") => `read ${path}`,
  write: (path = "any path") => `write ${path}`,
  net: (host = "any host") => `reach ${host}`,
  env: (name) =>
    `read ${name === undefined ? "all environment variables" : `the environment variable ${name}`}`,
  sys: (name = "anything") => `ask the system for ${name}`,
  run: (program = "any program") => `run ${program}`,
  ffi: (library = "any") => `load the library ${library}`,
};

/**
 * The error that tells what to declare, if `text` (an error's message, or what Deno
 * wrote at its end) says that a permission is missing.
 */
export function deniedError(step: string, text: string): UserError | undefined {
  const [, found, name] = /Requires (\w+) access(?: to "(.*?)")?[,.] ?/.exec(text) ?? [];
  const kind = kinds.find((kind) => kind === found);
  if (kind === undefined) return undefined;
  const shown = kind === "read" || kind === "write" ? fromHere(name) : name;
  const declare = shown === undefined
    ? `set the step's permissions.${kind} to true`
    : `add "${shown}" to the step's permissions.${kind}`;
  return new UserError(
    `Cannot ${refused[kind](shown)} in step ${step}: it is not declared`,
    { next: kind === "read" ? `${declare}, or give it as an input with file(…)` : declare },
  );
}

/** The same for an error and what caused it. */
export function deniedCause(step: string, thrown: unknown): UserError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const denied = error.name === "NotCapable" ? deniedError(step, error.message) : undefined;
    if (denied) return denied;
  }
}

/** A path inside of the working directory as the user writes it. */
function fromHere(path: string | undefined): string | undefined {
  if (path === undefined || !isAbsolute(path)) return path;
  try {
    const inside = relative(Deno.cwd(), path);
    return inside.startsWith("..") ? path : inside;
  } catch {
    return path; // where the step may not know where it is
  }
}
