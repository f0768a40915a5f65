/** Writes numbered records until it is killed; tells on stdout which are surely written. */

import { RotatedLog } from "../../src/prediction_log/mod.ts";
import { recordOf } from "./records.ts";

const log = new RotatedLog({
  folder: Deno.args[0],
  kind: "predictions",
  maxFileBytes: 50_000,
  maxAgeDays: 1,
  maxTotalBytes: 1e9,
  flushMs: 5,
  onLost: (lines, reason) => {
    throw new Error(`${lines} lines lost: ${reason}`);
  },
});
for (let count = 0;; count += 100) {
  for (let i = 0; i < 100; i++) log.write(recordOf({ request_id: `r-${count + i}` }));
  if (count % 1000 === 0) {
    await log.flush();
    await Deno.stdout.write(new TextEncoder().encode(`${count + 100}\n`));
  } else {
    await new Promise((done) => setTimeout(done, 1));
  }
}
