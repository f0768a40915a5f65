/** The OpenAPI document as schemathesis understands it: what it promises is what is answered. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { publishCommitted } from "../advisor/published.ts";
import { save } from "./fixture.ts";
import { root, ServerProcess } from "./server_process.ts";

const program = `${root}.venv/bin/schemathesis`;
const installed = await Deno.stat(program).then(() => true, () => false);
const full = Deno.args.includes("--full");
const KEY = "a key for all that schemathesis does";

for (const workers of ["1", "2"]) {
  // Workers only predict; what of their answers could differ is in workers_test.ts.
  const slow = workers === "2" && !full;
  Deno.test({
    name: "serve: schemathesis finds no 5xx and no answer that its schema does not allow " +
      `(--workers ${workers})` + (installed ? "" : " (needs .venv with schemathesis)") +
      (slow ? " (needs --full)" : ""),
    ignore: slow || !installed,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await save(folder, 0);
        await save(folder, 1);
        await publishCommitted(join(folder, "knowledge"));
        await using server = new ServerProcess(folder, [
          ...["--workers", workers, "--advice-knowledge", join(folder, "knowledge")],
          ...["--advice-conversations", join(folder, "log", "conversations.sqlite")],
        ], { ADMIN_KEYS: KEY });
        const { url } = await server.logged("listening") as { url: string };
        const { success, stdout, stderr } = await new Deno.Command(program, {
          args: [
            ...["run", `${url}/openapi.json`, "--header", `X-API-Key: ${KEY}`, "--no-color"],
            ...["--checks", "all"],
            // JSON Schema cannot tell all that is wanted: that a label is a class of the model that
            // predicted, or that a record has one of the model's fields beside the routing key.
            ...["--exclude-checks", "positive_data_acceptance"],
            // Whatever it accepts, it would train; the tests of trainings ask it.
            ...["--exclude-path", "/train"],
            // Each of these starts a process of its own or does not end; the tests of monitoring ask them.
            ...["--exclude-path-regex", "/(check(-all)?|retrain/trigger|monitoring/events)$"],
            ...["--phases", "examples,coverage,fuzzing", "--continue-on-failure"],
            ...(full
              ? ["--max-examples", "300", "--generation-database", "none"]
              : ["--max-examples", "15", "--generation-deterministic"]),
          ],
          cwd: folder,
        }).output();
        const [said, failed] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
        assert(success, said + failed);
        assertStringIncludes(said, " passed");
        // Every model that it asked for by a made-up name was refused, which is told as an error.
        const defects = server.lines.filter(({ level, message }) =>
          level === "error" && message !== "model not loaded"
        );
        assertEquals(defects, []);
        assertEquals(await server.stop(), 0);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
