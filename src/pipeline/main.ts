/** Entry of `deno task pipeline`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { runCli } from "./cli.ts";
import { streamSink } from "./view/sink.ts";

if (import.meta.main) {
  const code = await runCli(Deno.args, {
    folder: "pipelines",
    home: ".dinoflow",
    root: ".",
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    signal: interruptSignal(),
  });
  Deno.exit(code);
}
