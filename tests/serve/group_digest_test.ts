/** Whom a prediction is about reaches the log as a keyed digest, or not at all. */

import { assert, assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { join } from "@std/path";
import { homes, saveClassifier } from "../monitoring/models.ts";
import { ServerProcess } from "./server_process.ts";

const SECRET = "a secret of the operator";

Deno.test("groups: the log has a digest of the customer with a key, nothing without, and never the customer", async () => {
  for (const secret of [SECRET, ""]) {
    const folder = await Deno.makeTempDir();
    try {
      await saveClassifier(folder, (metadata) => ({
        ...metadata,
        declared_features: { ...metadata.declared_features!, group: "home_id" },
      }));
      const log = join(folder, "log");
      await using server = new ServerProcess(
        folder,
        ["--routing-key", "session"],
        secret === "" ? {} : { REDACT_KEY: secret },
      );
      const { url } = await server.logged("listening") as { url: string };
      const { columns } = homes({ rows: 2, seed: 1 });
      const { price: _, sold: __, ...inputs } = Object.fromEntries(
        Object.entries(columns).map(([name, cells]) => [name, cells[0]]),
      );
      const home = `customer ${inputs.home_id}`;
      for (
        const record of [{ ...inputs, home_id: home }, { ...inputs, home_id: home }, {
          ...inputs,
          home_id: null,
          session: "s-1",
        }]
      ) {
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(record),
        });
        assertEquals(response.status, 200, await response.text());
      }
      assertEquals(await server.stop(), 0);
      const logged = await Array.fromAsync(readPredictions(log));
      const digest = createHmac("sha256", SECRET).update(home).digest("hex").slice(0, 16);
      const wanted = secret === "" ? undefined : digest;
      assertEquals(logged.map(({ group }) => group), [wanted, wanted, undefined]);
      assert(!JSON.stringify(logged).includes(home));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});

Deno.test("retraining by the clock: a pattern without meaning, or no log to learn from, is told at the start", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (
      const [flags, said] of [
        [["--retrain-schedule", "0 99 * * *"], "has no meaning"],
        [["--retrain-schedule", "TZ=Mars/Base 0 3 * * *"], "no time zone"],
        [["--retrain-schedule", "0 3 * * *", "--prediction-log", "off"], "no prediction log"],
      ] as const
    ) {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "serve/main.ts", "--port", "0"],
          ...["--models-folder", folder, ...flags],
        ],
        stdout: "null",
        stderr: "piped",
      }).output();
      const text = new TextDecoder().decode(stderr);
      assertEquals([code, text.includes(said)], [2, true], text);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
