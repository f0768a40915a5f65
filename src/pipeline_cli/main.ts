/** Joins the command line to the process: for entries, and one by itself. */

import { interruptSignal } from "../base/mod.ts";
import { runCli } from "./cli.ts";
import type { PipelineCliOptions } from "./cli_options.ts";
import { processStreams } from "../terminal/mod.ts";

/**
 * Does what the command line asks for and ends the process.
 *
 * @param known What rooms above know: how pipelines start from data, and who else hears of a run.
 * @param close Ends the work of whoever hears.
 */
export async function main(
  known: Pick<PipelineCliOptions, "starter" | "hear"> = {},
  close: () => Promise<void> = () => Promise.resolve(),
): Promise<never> {
  const code = await runCli(Deno.args, {
    ...processStreams(),
    ...known,
    folder: "pipelines",
    home: ".dinoflow",
    root: ".",
    signal: interruptSignal(),
  });
  await close();
  Deno.exit(code);
}

if (import.meta.main) await main();
