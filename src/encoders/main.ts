/** Entry of `deno task encoder`: joins the command line to the process. */

import { processStreams } from "../terminal/mod.ts";
import { runEncoderCli } from "./cli.ts";

if (import.meta.main) Deno.exit(await runEncoderCli(Deno.args, processStreams()));
