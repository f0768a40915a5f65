/** The command line of pipelines in a process of its own. */

import { denoCommand } from "../../base/mod.ts";

/** Programs that the pipeline task may run; a run started from here gets no others. */
const programs = ["git", "deno"];

/**
 * The command line of pipelines in a process of its own: what it loads is new, not
 * what this process has loaded before. It gets the permissions of this process, of
 * those that name programs and libraries only the ones that the pipeline task has.
 */
export async function pipelineCommand(
  args: readonly string[],
  options: Omit<Deno.CommandOptions, "args">,
): Promise<Deno.Command> {
  const main = new URL("../main.ts", import.meta.url).href;
  return await denoCommand(["run", ...await ownPermissions(), main, ...args], options);
}

/** The permissions of this process as flags; they can be asked for, not listed. */
async function ownPermissions(): Promise<string[]> {
  const granted = async (descriptor: Deno.PermissionDescriptor) =>
    (await Deno.permissions.query(descriptor)).state === "granted";
  const flags: string[] = [];
  for (const name of ["read", "write", "net", "env", "sys"] as const) {
    if (await granted({ name })) flags.push(`--allow-${name}`);
  }
  if (await granted({ name: "ffi" })) flags.push("--allow-ffi");
  else if (await granted({ name: "ffi", path: "node_modules" })) {
    flags.push("--allow-ffi=node_modules");
  }
  if (await granted({ name: "run" })) flags.push("--allow-run");
  else {
    const allowed: string[] = [];
    for (const command of programs) {
      if (await granted({ name: "run", command })) allowed.push(command);
    }
    if (allowed.length > 0) flags.push(`--allow-run=${allowed.join(",")}`);
  }
  return flags;
}
