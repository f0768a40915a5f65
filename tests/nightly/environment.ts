/** Environments of Python that nightly forms make for themselves, below a folder of their own. */

import { join } from "@std/path";

/**
 * Makes an environment and installs requirements into it.
 *
 * @param python The interpreter, as `python3.12`.
 * @param requirements Lines as in a requirements file.
 * @returns Path of the environment's own interpreter.
 */
export async function makeEnvironment(
  folder: string,
  python: string,
  requirements: readonly string[],
): Promise<string> {
  await must(python, ["-m", "venv", folder]);
  const own = join(folder, "bin", "python");
  await must(own, [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ...requirements,
  ]);
  return own;
}

/** The lines of a requirements file that name packages. */
export async function readRequirements(path: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

/** Runs a command that shows what it prints; it must end well. */
export async function must(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<void> {
  const { code } = await new Deno.Command(program, {
    ...{ args: [...args], stdin: "null", stdout: "inherit", stderr: "inherit" },
    ...options,
  }).output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}`);
}
