/** Entry of `deno task pipeline`: the command line of pipelines, which knows how trainings start. */

import { quietOnnxRuntime, UserError } from "../base/mod.ts";
import { main } from "../pipeline_cli/mod.ts";
import { streamSink } from "../terminal/mod.ts";

/** Ships what happens in runs, where `ELASTICSEARCH_URL` says so. */
async function openEar() {
  if (!Deno.env.get("ELASTICSEARCH_URL")) return undefined;
  const { write } = streamSink(Deno.stderr);
  const { logSettings, shipRuns } = await import("../log_shipping/mod.ts");
  try {
    const settings = logSettings((name) => Deno.env.get(name));
    return settings && shipRuns(settings, (text) => write(`warning: ${text}\n`));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    write(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    Deno.exit(2);
  }
}

if (import.meta.main) {
  quietOnnxRuntime();
  const ear = await openEar();
  await main({
    ...ear && { hear: ear.hear },
    // Loaded only where it is asked for: it brings the readers of tables along.
    starter: async (request) => (await import("../training_start/mod.ts")).startTraining(request),
  }, ear?.close);
}
