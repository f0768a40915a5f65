/** Entry of `deno task runs`: joins the command line to the process. */

import { streamSink } from "../pipeline/mod.ts";
import { runRunsCli } from "./cli.ts";

if (import.meta.main) {
  const code = await runRunsCli(Deno.args, {
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    env: (name) => Deno.env.get(name),
  });
  Deno.exit(code);
}
