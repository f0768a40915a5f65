import { assert } from "@std/assert";
import { join } from "@std/path";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { records, save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";
import { waitUntil } from "../wait_until.ts";

/** Bytes of the log so far. */
async function logSize(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const { name } of Deno.readDir(join(folder, "log"))) {
      bytes += (await Deno.stat(join(folder, "log", name))).size;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return bytes;
}

for (const workers of ["1", "2"]) {
  Deno.test(`serve: kill -9 under load loses the last unflushed lines at the most; the log can be read (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      const answered: string[] = [];
      let clients: Promise<void>[];
      {
        await using server = new ServerProcess(folder, ["--workers", workers]);
        const { url } = await server.logged("listening") as { url: string };
        clients = Array.from({ length: 4 }, async () => {
          try {
            while (true) {
              const response = await fetch(`${url}/predict`, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(records[answered.length % records.length]),
              });
              answered.push((await response.json()).request_id);
            }
          } catch (error) {
            assert(error instanceof TypeError || error instanceof SyntaxError, String(error));
          }
        });
        // Some lines have reached the log, and requests go on: leaving the block kills it.
        await waitUntil(async () => await logSize(folder) > 0, "something is logged");
        const so = answered.length;
        await waitUntil(() => answered.length > so + 20, "20 more requests are answered");
      }
      await Promise.all(clients);
      const logged = new Set<string>();
      for await (const { request_id } of readPredictions(join(folder, "log"))) {
        logged.add(request_id);
      }
      const lost = answered.filter((id) => !logged.has(id));
      assert(
        logged.size > 0 && lost.length < answered.length,
        `${lost.length} of ${answered.length}`,
      );
      // A worker writes lines in the order of its answers: what is lost is its end.
      const workerOf = (id: string) => id.split("-")[0];
      const order = (id: string) => parseInt(id.split("-")[1], 36);
      const lastLogged = new Map<string, number>();
      for (const id of logged) {
        lastLogged.set(workerOf(id), Math.max(order(id), lastLogged.get(workerOf(id)) ?? 0));
      }
      assert(
        lost.every((id) => order(id) > (lastLogged.get(workerOf(id)) ?? 0) - 4),
        `${lost} after ${[...lastLogged.values()]}`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
