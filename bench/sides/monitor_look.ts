/** A look at a prediction log from its beginning; the folder is the argument. */

import { monitorPass } from "../../src/monitoring/mod.ts";

const [folder] = Deno.args;
const log = `${folder}/log`;
await Deno.remove(`${log}/monitoring`, { recursive: true }).catch((error) => {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
});
const { predictions } = await monitorPass({
  ...{ log, models: `${folder}/models`, now: new Date("2026-12-02T00:00:00Z") },
  ...{ windowMs: 3_600_000, recentRows: 1000, channels: [] },
  limits: { maxLatencyMs: 1000, minRows: 0 },
  signal: new AbortController().signal,
  warn(text) {
    throw new Error(text);
  },
});
if (predictions === 0) throw new Error(`${log} holds no predictions`);
