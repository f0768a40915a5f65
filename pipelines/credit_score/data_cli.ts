/** Entry of `deno task data`: joins the command line to the process. */

import { dataVersionCommands, runDataVersions } from "../../src/data_versions/mod.ts";
import { processStreams } from "../../src/terminal/mod.ts";
import { runDataCommand } from "./data_command.ts";

if (import.meta.main) {
  if (dataVersionCommands.some((command) => command === Deno.args[0])) {
    const { stdout: { write }, stderr: { write: warn } } = processStreams();
    Deno.exit(await runDataVersions(Deno.args, { write, warn, root: "." }));
  }
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  const options = { ...processStreams(), signal: interrupt.signal };
  Deno.exit(await runDataCommand(Deno.args, options));
}
