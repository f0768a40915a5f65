/** Hears of the end of npx, which passes no signal on to the commands that it has started. */

import { denoCommand } from "../../base/mod.ts";

/**
 * Watches the processes above this one up to npx, from one that may look at them: once one of
 * them is gone, this one gets a SIGTERM. Where npx has not started it, nothing is watched.
 *
 * @returns What ends the watching.
 */
export async function watchParents(): Promise<Disposable | undefined> {
  if (Deno.build.os === "windows" || Deno.env.get("npm_command") !== "exec") return undefined;
  const entry = new URL("./parents_process.ts", import.meta.url).href;
  const flags = ["--quiet", "--no-config", "--no-lock", "--allow-all"]; // /proc asks for all
  const command = await denoCommand(["run", ...flags, entry, String(Deno.pid)], {
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  });
  const child = command.spawn();
  child.unref();
  const release = () => void child.stdin.close().catch(() => {}); // it has ended before
  return { [Symbol.dispose]: release };
}
