/** A running server follows promotions and the way back, and no request notices. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ServerProcess } from "../serve/server_process.ts";
import { waitUntil } from "../wait_until.ts";
import { models } from "./desk.ts";
import { name, saveLoanModel, writeLoans } from "./models.ts";

Deno.test("server: follows promote and rollback without a failed request", async () => {
  const root = await Deno.makeTempDir({ prefix: "follow-" });
  try {
    const [folder, data] = [join(root, "models"), join(root, "loans.csv")];
    await writeLoans(data);
    const at = ["--models", folder];
    const first = (await saveLoanModel(folder, data, { rounds: 10 })).metadata.version;
    assertEquals((await models(["promote", name, ...at])).code, 0);
    const second = (await saveLoanModel(folder, data, { rounds: 40 })).metadata.version;
    await using server = new ServerProcess(folder, ["--model", name, "--poll-seconds", "1"]);
    const { url } = await server.logged("listening") as { url: string };

    const statuses = new Map<number, number>();
    const thresholds = new Map<string, Set<unknown>>();
    let [last, going] = ["", true];
    const load = Array.from({ length: 4 }, async () => {
      while (going) {
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ income: 40, rate: 9, purpose: "car" }),
        });
        const { model_version, threshold } = await response.json();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        last = model_version;
        thresholds.set(model_version, (thresholds.get(model_version) ?? new Set()).add(threshold));
      }
    });
    try {
      await waitUntil(() => last === first, "the first champion answers");
      const up = await models(["promote", name, second, "--threshold", "0.4542", ...at]);
      assertEquals(up.code, 0, up.out + up.err);
      await waitUntil(() => last === second, "the new champion answers");
      const version = await (await fetch(`${url}/version`)).json();
      assertEquals(version.model_version, second);
      assertEquals(version.threshold, 0.4542);
      assertEquals(version.deployment.by, "ada");
      // What it holds is in use, though no alias points there after the next change.
      const third = await saveLoanModel(folder, data, { rounds: 41 });
      const kept = await models(["prune", name, "--keep", "0", ...at]);
      assertStringIncludes(kept.out, `stays  ${name}_v_${second}`);
      assertStringIncludes(kept.out, `goes   ${name}_v_${third.metadata.version}`);
      assertEquals((await models(["rollback", name, ...at])).code, 0);
      await waitUntil(() => last === first, "the champion before answers");
      const held = await models(["archive", name, second, ...at]);
      assertStringIncludes(held.err, "a server holds it");
    } finally {
      going = false;
      await Promise.all(load);
    }
    assertEquals([...statuses.keys()], [200]);
    assert(statuses.get(200)! > 20);
    assertEquals([...thresholds.get(second)!], [0.4542]);
    assertEquals([...thresholds.get(first)!], [0.5]);
    await server.stop();
    assertEquals((await models(["archive", name, second, ...at])).code, 0, "it is let go");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
