/** Entry of `deno task models`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { processStreams } from "../terminal/mod.ts";
import { runModelsCli } from "./cli.ts";

if (import.meta.main) {
  Deno.exit(await runModelsCli(Deno.args, { ...processStreams(), signal: interruptSignal() }));
}
