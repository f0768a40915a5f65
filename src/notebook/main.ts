/** Entry of `deno task notebook`: joins the command line to the process. */

import { interruptSignal } from "../base/mod.ts";
import { processStreams } from "../terminal/mod.ts";
import { runNotebookCli } from "./cli/cli.ts";

if (import.meta.main) {
  const options = { ...processStreams(), root: ".", signal: interruptSignal() };
  Deno.exit(await runNotebookCli(Deno.args, options));
}
