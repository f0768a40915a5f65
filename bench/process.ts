/** A script of the benchmark in a process of its own. */

import { UserError } from "../src/base/mod.ts";
import type { Command, SideArguments } from "./suite.ts";

/** What is needed to run scripts. */
export interface ScriptHost {
  /** Folder with `bench/`. */
  readonly root: string;
  /** Interpreter with the peers; undefined if only our own sides run. */
  readonly python?: string;
  /** Stops the script. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a script to its end and gives what it printed.
 *
 * @throws {UserError} if it cannot start or fails; the message holds the
 * line of stderr that tells why.
 */
export async function runScript(
  { script, options }: Command,
  args: SideArguments,
  { root, python, signal }: ScriptHost,
): Promise<string> {
  const path = `${root}/bench/${script}`;
  const json = JSON.stringify({ ...options, ...args });
  // All permissions: Deno guards /proc, where the peak memory stands, with them.
  const [command, before] = script.endsWith(".ts")
    ? [await denoPath(), ["run", "--quiet", "--allow-all", `--config=${root}/deno.json`]]
    : [python ?? "python3", []];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, {
      args: [...before, path, json],
      cwd: root,
      env: { NO_COLOR: "1", ...threadLimits(args.threads) },
      signal,
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(`Cannot run bench/${script}: ${command} is not there`, {
      next: "run the benchmark again, which sets up what is missing",
      cause: error,
    });
  }
  signal?.throwIfAborted();
  const decoder = new TextDecoder();
  if (output.success) return decoder.decode(output.stdout);
  const lines = decoder.decode(output.stderr).trim().split("\n");
  // Python says last what was wrong, Deno first.
  const said = lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1);
  const end = output.signal === null ? `exit code ${output.code}` : `${output.signal}`;
  throw new UserError(
    `Cannot measure with bench/${script}: ${said || "it said nothing"} (${end})`,
    {
      next: `run it alone: ${command} ${[...before, path].join(" ")} '${json}'`,
    },
  );
}

/** What the libraries beneath the peers read instead of a parameter. */
function threadLimits(threads: number): Record<string, string> {
  const names = ["OMP", "OPENBLAS", "MKL", "NUMBA"].map((name) => `${name}_NUM_THREADS`);
  return Object.fromEntries(
    [...names, "LOKY_MAX_CPU_COUNT"].map((name) => [name, String(threads)]),
  );
}

/** This Deno, or the one on the path if only that may be run. */
async function denoPath(): Promise<string> {
  const command = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  return state === "granted" ? command : "deno";
}
