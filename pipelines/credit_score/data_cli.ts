/** Entry of `deno task data`: joins the command line to the process. */

import type { Sink } from "../../src/pipeline/mod.ts";
import { runDataCommand } from "./data_command.ts";

function sink(stream: typeof Deno.stdout): Sink {
  const encoder = new TextEncoder();
  return {
    write(text) {
      let rest = encoder.encode(text);
      while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
    },
    size: () => stream.isTerminal() ? Deno.consoleSize() : undefined,
  };
}

if (import.meta.main) {
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  const code = await runDataCommand(Deno.args, {
    stdout: sink(Deno.stdout),
    stderr: sink(Deno.stderr),
    signal: interrupt.signal,
  });
  Deno.exit(code);
}
