/** Entry of `deno task data`: joins the command line to the process. */

import { streamSink } from "../../src/pipeline/mod.ts";
import { runDataCommand } from "./data_command.ts";

if (import.meta.main) {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  const code = await runDataCommand(Deno.args, {
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    signal: interrupt.signal,
  });
  Deno.exit(code);
}
