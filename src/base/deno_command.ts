/** Deno in a process of its own. */

/** This Deno with other arguments; the one on the path if only that may be run. */
export async function denoCommand(
  args: readonly string[],
  options: Omit<Deno.CommandOptions, "args"> = {},
): Promise<Deno.Command> {
  const own = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command: own });
  return new Deno.Command(state === "granted" ? own : "deno", { ...options, args: [...args] });
}
