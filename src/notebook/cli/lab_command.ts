/** `lab`: JupyterLab, if it is to be had. */

import { ifPresent, ServiceError } from "../../base/mod.ts";
import type { NotebookCliOptions } from "./cli_options.ts";

/** Ways to start JupyterLab, the nearest first. */
const ways = [
  { command: "jupyter-lab", args: [] },
  { command: "jupyter", args: ["lab"] },
  { command: "uvx", args: ["--from", "jupyterlab", "jupyter-lab"] },
  { command: "pipx", args: ["run", "--spec", "jupyterlab", "jupyter-lab"] },
];

/**
 * Opens a folder in JupyterLab until it is closed, or Ctrl-C is pressed.
 *
 * @returns Whether it ended well.
 * @throws {ServiceError} if there is no way to start it; says how to get one.
 */
export async function openLab(
  folder: string,
  flags: readonly string[],
  { stderr, signal }: NotebookCliOptions,
): Promise<boolean> {
  for (const { command, args } of ways) {
    if (!await works(command, args)) continue;
    stderr.write(`starting ${[command, ...args, folder, ...flags].join(" ")}\n`);
    const child = new Deno.Command(command, { args: [...args, folder, ...flags] }).spawn();
    const end = () => child.kill("SIGTERM");
    signal.addEventListener("abort", end);
    const { success } = await child.status;
    signal.removeEventListener("abort", end);
    return success || signal.aborted;
  }
  throw new ServiceError("Cannot find JupyterLab: there is no jupyter, uvx or pipx on the path", {
    next: "install it with `pip install jupyterlab`, or open the notebook in VS Code with the " +
      "Jupyter extension and choose the kernel Dinoflow (Deno)",
  });
}

/** Whether a command is there; a `jupyter` without lab is not enough. */
async function works(command: string, args: readonly string[]): Promise<boolean> {
  const asked = command === "jupyter" ? [...args, "--version"] : ["--version"];
  // A program that is not there is told at once, not by the promise.
  const output = () => new Deno.Command(command, { args: asked }).output();
  return (await ifPresent(Promise.try(output)))?.success ?? false;
}
