/** Sees to it that a process does not outlive the run. */

import { denoCommand } from "../../base/mod.ts";

/**
 * Starts a process and watches it until it is disposed of: where the run is killed, so
 * is the process, whatever it does.
 */
export async function guardedProcess(
  command: Deno.Command,
): Promise<{ readonly child: Deno.ChildProcess } & AsyncDisposable> {
  const entry = new URL("./guard_process.ts", import.meta.url).href;
  const guard = (await denoCommand(
    ["run", "--quiet", "--no-config", "--no-lock", "--no-prompt", "--allow-run", entry],
    { stdin: "piped", stdout: "null", stderr: "null" },
  )).spawn();
  const tell = guard.stdin.getWriter();
  const encoder = new TextEncoder();
  const child = command.spawn();
  await tell.write(encoder.encode(`${child.pid} `));
  return {
    child,
    async [Symbol.asyncDispose]() {
      try {
        await tell.write(encoder.encode("over"));
        await tell.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // it was killed itself
      }
      await guard.status;
    },
  };
}
