/** Entry of `deno task models`: joins the command line to the process. */

import { interruptSignal, quietOnnxRuntime } from "../base/mod.ts";
import { processStreams } from "../terminal/mod.ts";
import { runModelsCli } from "./cli.ts";

if (import.meta.main) {
  quietOnnxRuntime();
  Deno.exit(await runModelsCli(Deno.args, { ...processStreams(), signal: interruptSignal() }));
}
