/** Tasks of the project in processes of their own. */

import { fromFileUrl } from "@std/path";

/**
 * Starts `deno task NAME` in a folder. It ends with the kernel, even with one that is
 * killed; signals reach it.
 */
export function spawnTask(name: string, args: readonly string[], root: string): Deno.ChildProcess {
  const guard = fromFileUrl(import.meta.resolve("./guard.ts"));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-run", "--allow-read", guard, name, ...args],
    cwd: root,
    detached: true, // a kernel is ended with its group: the guard is left, to let the task clean up
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
