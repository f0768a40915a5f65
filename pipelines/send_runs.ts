/** Sends runs that were kept while the tracking server could not be reached. */

import { z } from "zod";
import { UsageError } from "../src/base/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { sendRuns } from "../src/tracking/mod.ts";

export default pipeline("send_runs", {
  description: "Send the MLflow runs that are kept in a folder to their server",
  params: z.object({
    folder: z.string().default("mlruns").describe("Folder that keeps the runs"),
    runs: z.array(z.string()).default([])
      .describe("Ids of the runs to send, also of those that were meant for the folder"),
  }),
  cache: false,
}, ({ step, params }) => {
  step("send", {}, async (_, { log, warn }) => {
    const uri = Deno.env.get("MLFLOW_TRACKING_URI")?.trim();
    if (!uri) {
      throw new UsageError("Cannot send runs: MLFLOW_TRACKING_URI is not set", {
        next: "set it to the http(s) address of the MLflow server",
      });
    }
    const { sent, running } = await sendRuns(params.folder, uri, {
      ...(params.runs.length > 0 && { runIds: params.runs }),
      onWarning: warn,
      onSent: ({ name, url }) => log(`${name}: ${url}`),
    });
    if (running.length > 0) warn(`Left ${running.join(", ")}: not ended yet`);
    log(sent.length === 0 ? "There were no runs to send" : `Sent ${sent.length} runs to ${uri}`);
  });
});
