/** Joins the command line to the process: for entries, and one by itself. */

import { interruptSignal } from "../base/mod.ts";
import { runCli } from "./cli/cli.ts";
import type { PipelineCliOptions } from "./cli/cli_options.ts";
import { streamSink } from "./view/sink.ts";

/** Does what the command line asks for and ends the process. */
export async function main(known: Pick<PipelineCliOptions, "starter"> = {}): Promise<never> {
  const code = await runCli(Deno.args, {
    ...known,
    folder: "pipelines",
    home: ".dinoflow",
    root: ".",
    stdout: streamSink(Deno.stdout),
    stderr: streamSink(Deno.stderr),
    signal: interruptSignal(),
  });
  Deno.exit(code);
}

if (import.meta.main) await main();
