/** Entry of `deno task pipeline`: the command line of pipelines, which knows how trainings start. */

import { main } from "../pipeline/main.ts";

if (import.meta.main) {
  await main({
    // Loaded only where it is asked for: it brings the readers of tables along.
    starter: async (request) => (await import("./start/mod.ts")).startTraining(request),
  });
}
