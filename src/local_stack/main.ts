/** Entry of `deno task up`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { streamSink } from "../terminal/mod.ts";
import { runUp } from "./cli.ts";

if (import.meta.main) {
  const code = await runUp(Deno.args, {
    write: streamSink(Deno.stdout).write,
    warn: streamSink(Deno.stderr).write,
    signal: interruptSignal(),
    root: ".",
    home: ".dinoflow/up",
    path: Deno.env.get("PATH") ?? "",
    env: (name) => Deno.env.get(name),
  });
  Deno.exit(code);
}
