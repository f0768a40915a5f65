/** Entry of `deno task runs`: joins the command line to the process. */

import { processStreams } from "../terminal/mod.ts";
import { runRunsCli } from "./cli.ts";

if (import.meta.main) Deno.exit(await runRunsCli(Deno.args, processStreams()));
