/** Entry of `deno task airflow`: joins the command line to the process. */

import { processStreams } from "../terminal/mod.ts";
import { runAirflowCli } from "./cli.ts";

if (import.meta.main) {
  Deno.exit(await runAirflowCli(Deno.args, { ...processStreams(), folder: "pipelines" }));
}
