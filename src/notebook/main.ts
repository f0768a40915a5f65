/** Entry of `deno task notebook`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { streamSink } from "../pipeline/mod.ts";
import { runNotebookCli } from "./cli/cli.ts";

if (import.meta.main) {
  const code = await runNotebookCli(Deno.args, {
    root: ".",
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    signal: interruptSignal(),
  });
  Deno.exit(code);
}
