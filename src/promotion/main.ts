/** Entry of `deno task models`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { streamSink } from "../pipeline/mod.ts";
import { runModelsCli } from "./cli.ts";

if (import.meta.main) {
  const code = await runModelsCli(Deno.args, {
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    env: (name) => Deno.env.get(name),
    signal: interruptSignal(),
  });
  Deno.exit(code);
}
